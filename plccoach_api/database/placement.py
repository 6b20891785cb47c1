"""Placement of tables when the database is Citus. On a plain PostgreSQL these functions do nothing."""

from sqlalchemy import text

from alembic import op


def by_user(table: str) -> None:
    """Distributes a table by `user_id`: a user's rows lie on the shard of that user."""
    _place("SELECT create_distributed_table(:name, 'user_id')", table)


def everywhere(table: str) -> None:
    """Copies a small or shared table to every node."""
    _place("SELECT create_reference_table(:name)", table)


def _place(statement: str, table: str) -> None:
    connection = op.get_bind()
    if connection.scalar(text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")):
        connection.execute(text(statement), {"name": table})
