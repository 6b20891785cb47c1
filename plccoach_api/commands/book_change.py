"""A change of a book by a command: it is said, confirmed, and then made while no ingest runs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import rich_click as click

from plccoach_api import settings as settings_module
from plccoach_api.commands.confirmation import confirm
from plccoach_api.commands.database import migrated_database
from plccoach_api.commands.errors import INTERRUPTED, CommandError
from plccoach_api.commands.output import say_waiting
from plccoach_api.corpus.lock import ingest_connection, ingest_lock
from plccoach_api.database.pool import Connection
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.queries.books import BookSize

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of a book, as it is said before it is made. Nothing is said that the command does not do."""

    book: BookSize
    what: str

    def is_outdated(self, now: BookSize) -> bool:
        """Returns True if another command has stored the book again. Its citations may change at any time."""
        return self.book.loaded_at != now.loaded_at


def change_book(
    plan: Callable[[Connection], Awaitable[Plan]],
    work: Callable[[Connection, BookSize], Awaitable[T]],
    *,
    yes: bool,
    as_json: bool,
) -> T:
    """Says what will change, asks, and then waits for the lock: a person who is asked holds up no ingest."""
    configure_logging("ERROR", readable=True, beside_output=True)

    async def read(database: str) -> Plan:
        async with ingest_connection(database) as connection:
            return await plan(connection)

    async def run(database: str, said: Plan | None) -> T:
        async with ingest_lock(database, say_waiting) as connection:
            now = await plan(connection)
            if said and said.is_outdated(now.book):
                raise CommandError("the book was replaced in the meantime; run the command again")
            return await work(connection, now.book)

    try:
        with migrated_database(settings_module.load()) as database:
            said = None if as_json else asyncio.run(read(database))
            if said:
                click.echo(said.what)
                confirm("Continue?", yes=yes)
            return asyncio.run(run(database, said))
    except KeyboardInterrupt:
        raise CommandError("interrupted; run it again to continue", code=INTERRUPTED) from None
