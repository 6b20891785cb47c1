"""Runs the migrations against the database of the settings, one process at a time.

Both `alembic upgrade head` on the command line and the start of the service run this file.
A caller that already has a connection string passes it as the configuration's attribute `database`.
Each migration is a transaction of its own, so that it holds its locks no longer than it needs them.
"""

import sys
from contextlib import ExitStack

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from alembic import context
from plccoach_api import settings
from plccoach_api.commands.errors import report_errors
from plccoach_api.database import compatibility, locks, migrations, table_locks
from plccoach_api.database.locks import Lock
from plccoach_api.logs.configuration import configure_logging


def run(database: str) -> None:
    engine = create_engine("postgresql+psycopg://", creator=lambda: table_locks.connect(database), poolclass=NullPool)

    def migrate() -> None:
        with engine.connect() as connection:
            context.configure(
                connection=connection, transaction_per_migration=True, on_version_apply=compatibility.record
            )
            with context.begin_transaction():
                context.run_migrations()
            # Commands that only read, such as `alembic current`, are told not to change anything.
            if not context.get_context().opts.get("dont_mutate"):
                compatibility.record_missing(context.get_context())

    with locks.acquire(database, Lock.migration):
        table_locks.retry(migrate)


def print_sql() -> None:
    """Prints the statements that would run. Needs no database."""
    context.configure(
        url="postgresql+psycopg://",
        literal_binds=True,
        # The driver's own style would double each percent sign.
        dialect_opts={"paramstyle": "named"},
        transaction_per_migration=True,
        on_version_apply=compatibility.record,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    if context.is_offline_mode():
        print_sql()
        return
    if database := context.config.attributes.get("database"):
        run(database)
        return
    configure_logging(readable=sys.stdout.isatty())
    with report_errors(), migrations.psycopg_errors(), ExitStack() as stack:
        run(stack.enter_context(migrations.database_of(settings.load())))


main()
