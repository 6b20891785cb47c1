"""Where a table lives when the database is Citus; on a single PostgreSQL these do nothing."""

from sqlalchemy import text

from alembic import op


def by_user(table: str) -> None:
    """Rows are owned by a user and lie on the shard of that user."""
    _place("SELECT create_distributed_table(:name, 'user_id')", table)


def everywhere(table: str) -> None:
    """A small or shared table, copied whole to every node."""
    _place("SELECT create_reference_table(:name)", table)


def _place(statement: str, table: str) -> None:
    connection = op.get_bind()
    if connection.scalar(text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")):
        connection.execute(text(statement), {"name": table})
