"""The lock that lets one ingest run at a time, among all replicas and terminals."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from plccoach_api.database import session
from plccoach_api.database.locks import Lock
from plccoach_api.database.pool import Connection

_CONNECT_SECONDS = 5
_POLL_SECONDS = 0.1


@asynccontextmanager
async def ingest_lock(database: str, waiting: Callable[[], None] = lambda: None) -> AsyncIterator[Connection]:
    """Waits until no other ingest runs. Yields a connection that has no timeouts. `database` leads past a pooler.

    Calls `waiting` once if it has to wait, so that a person sees why nothing happens.

    The second of two ingests of the same books finds them loaded. The lock is polled, because waiting for it inside
    PostgreSQL would deadlock with the CREATE INDEX CONCURRENTLY of its holder.
    """
    async with ingest_connection(database) as connection:
        if not await _try_lock(connection):
            waiting()
            while not await _try_lock(connection):  # noqa: ASYNC110 - another process's lock sets no event of ours
                await asyncio.sleep(_POLL_SECONDS)
        yield connection


@asynccontextmanager
async def ingest_connection(database: str) -> AsyncIterator[Connection]:
    """Yields a connection for an ingest, without its lock: enough for a command that only reads.

    Its statements are planned at each run: the tables grow during an ingest, and a plan that was cached while they were
    small would read all of them for each book.
    """
    options = f"{session.UNLIMITED} -c plan_cache_mode=force_custom_plan"
    async with await Connection.connect(
        database,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        application_name="plccoach-api ingest",
        options=session.options_of(database, options),
    ) as connection:
        yield connection


async def _try_lock(connection: Connection) -> bool:
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (Lock.ingest.value,))
    row = await cursor.fetchone()
    return row is not None and row[0]
