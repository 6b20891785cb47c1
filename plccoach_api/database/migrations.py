"""Migrations of the schema. Any number of replicas may start them at once."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING

import psycopg
from psycopg.errors import UndefinedTable

from plccoach_api import resources
from plccoach_api.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config


@cache
def head() -> str:
    """Returns the newest revision, read from the names of the files: importing alembic costs each worker 40 MB."""
    return max(path.stem for path in (resources.MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def current(database: str) -> str | None:
    """Returns the schema's revision, or None before the first migration."""
    with psycopg.connect(database, connect_timeout=5) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except UndefinedTable:
            return None
    return row[0] if row else None


def upgrade(database: str, revision: str = "head") -> None:
    """Runs the missing migrations; waits first while another process runs them."""
    from alembic import command

    with psycopg_errors():
        command.upgrade(_configuration(database), revision)


def downgrade(database: str, revision: str) -> None:
    from alembic import command

    with psycopg_errors():
        command.downgrade(_configuration(database), revision)


@contextmanager
def psycopg_errors() -> Iterator[None]:
    """Raises psycopg's error, because SQLAlchemy's error repeats the statement and the row in its text."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise error.orig or error from None


def database_of(settings: Settings) -> AbstractContextManager[str]:
    """Yields the connection string of the database; starts the embedded one first if the settings name none."""
    if settings.database is not None:
        return nullcontext(settings.database)
    from plccoach_api.database import embedded

    return embedded.running(settings.data_dir)


def _configuration(database: str) -> "Config":
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(resources.MIGRATIONS).replace("%", "%%"))
    configuration.attributes["database"] = database
    return configuration
