"""Runs the migrations against the database of the settings, one process at a time.

Both `alembic upgrade head` on the command line and the start of the service run this file.
A caller that already has a connection string passes it as the configuration's attribute `database`.
"""

import sys
from contextlib import ExitStack

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from alembic import context
from plccoach_api import settings
from plccoach_api.commands.errors import report_errors
from plccoach_api.database import locks, migrations
from plccoach_api.database.locks import Lock
from plccoach_api.logs.configuration import configure_logging


def run(database: str) -> None:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(database, application_name="plccoach-api migrate", connect_timeout=5),
        poolclass=NullPool,
    )
    with engine.connect() as connection, locks.acquire(database, Lock.migration):
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()


def main() -> None:
    if database := context.config.attributes.get("database"):
        run(database)
        return
    configure_logging(readable=sys.stdout.isatty())
    with report_errors(), migrations.psycopg_errors(), ExitStack() as stack:
        run(stack.enter_context(migrations.database_of(settings.load())))


main()
