"""What commands that work on the database share."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from plccoach_api import logs
from plccoach_api import settings as settings_module
from plccoach_api.commands.errors import CommandError
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.settings import Settings
from plccoach_api.settings.environment import Secret

T = TypeVar("T")


def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Does the work on the database of the settings, which is started first when it is the embedded one."""
    logs.configure("WARNING", readable=True)
    settings = settings_module.load()
    with migrations.database_of(settings) as database:
        if migrations.current(database) != migrations.head():
            raise CommandError("the database's schema is not that of this version; run `plccoach-api migrate` first")
        return asyncio.run(_do(work, msgspec.structs.replace(settings, database=Secret(database))))


async def _do(work: Callable[[Database], Awaitable[T]], settings: Settings) -> T:
    database = Database(settings)
    await database.open()
    try:
        return await work(database)
    finally:
        await database.close()
