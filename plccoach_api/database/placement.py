"""Placement of tables when the database is Citus. On a plain PostgreSQL these functions place nothing.

When the SQL is only printed, no database can be asked for the extension, so the printed statement asks.
"""

from sqlalchemy import text

from alembic import op

_HAS_CITUS = "EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')"


def by_user(table: str) -> None:
    """Distributes a table by `user_id`: a user's rows lie on the shard of that user."""
    _place(f"create_distributed_table('{table}', 'user_id')")


def everywhere(table: str) -> None:
    """Copies a small or shared table to every node. An UPDATE of such a table locks it on every node."""
    _place(f"create_reference_table('{table}')")


def set_storage(table: str, column: str, storage: str) -> None:
    """Sets how a column is stored, which only saves time. Citus refuses it for a placed table, which stays as it is."""
    statement = f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {storage}"
    if op.get_context().as_sql:
        op.execute(f"DO $$ BEGIN IF NOT {_HAS_CITUS} THEN {statement}; END IF; END $$")
    elif not _has_citus():
        op.execute(statement)


def _place(call: str) -> None:
    if op.get_context().as_sql:
        op.execute(f"DO $$ BEGIN IF {_HAS_CITUS} THEN PERFORM {call}; END IF; END $$")
    elif _has_citus():
        op.execute(f"SELECT {call}")


def _has_citus() -> bool:
    return bool(op.get_bind().scalar(text(f"SELECT {_HAS_CITUS}")))
