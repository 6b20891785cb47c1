"""The database connection of the commands that read or change rows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec
import psycopg

from plccoach_api import settings as settings_module
from plccoach_api.database import migrations, session
from plccoach_api.database.failures import Failure, failure_of
from plccoach_api.database.pool import Connection, Database
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.settings import Settings
from plccoach_api.settings.environment import Secret

T = TypeVar("T")

_ATTEMPTS = 3


def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Runs `work` on the database of the settings. Starts the embedded database first if no other is set."""
    configure_logging("WARNING", readable=True, beside_output=True)
    settings = settings_module.load()
    with migrated_database(settings) as database:
        if settings.database is None:
            settings = msgspec.structs.replace(settings, database=Secret(database))
        return asyncio.run(_with_pool(work, settings))


def with_long_transaction(work: Callable[[Connection], Awaitable[T]]) -> T:
    """Runs `work` in one transaction that may take longer than a request may. It waits as briefly for a lock.

    Repeats it, three times in all, when the server has ended it because it was in the way of a request.
    """
    configure_logging("WARNING", readable=True, beside_output=True)
    with migrated_database(settings_module.load()) as database:
        return asyncio.run(_in_transaction(work, database))


@contextmanager
def migrated_database(settings: Settings) -> Iterator[str]:
    """Yields the address of the database, past a pooler. Raises SchemaMismatch if this version cannot run on it."""
    with migrations.database_of(settings) as database:
        migrations.require_compatible(migrations.state(database))
        yield database


async def _with_pool(work: Callable[[Database], Awaitable[T]], settings: Settings) -> T:
    database = Database(settings)
    await database.open()
    try:
        return await work(database)
    finally:
        await database.close()


async def _in_transaction(work: Callable[[Connection], Awaitable[T]], database: str) -> T:
    options = f"{session.UNLIMITED} -c lock_timeout={session.SETTINGS['lock_timeout']}"
    async with await Connection.connect(
        database,
        autocommit=True,
        connect_timeout=5,
        application_name="plccoach-api",
        options=session.options_of(database, options),
    ) as connection:
        attempt = 1
        while True:
            try:
                async with connection.transaction():
                    return await work(connection)
            except psycopg.Error as error:
                if attempt == _ATTEMPTS or failure_of(error) is not Failure.conflict:
                    raise
            attempt += 1
