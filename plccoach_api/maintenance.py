"""Removes what has had its time: once a day by one replica for all, and whenever somebody asks for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Protocol

import psycopg

from plccoach_api import logs
from plccoach_api.database.locks import Lock, tried
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import jobs, rate_limits, sessions, sign_in_attempts
from plccoach_api.rules.sessions import IDLE
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_JOB = "maintenance"
_EVERY = timedelta(days=1)
_LOOK_SECONDS = 600.0
# Few enough to be gone long before a statement's time-out.
_BATCH = 1000


class _Removal(Protocol):
    """A statement that removes so many rows at most, and says how many it did."""

    def __call__(self, connection: Connection, *, limit: int) -> Awaitable[int]: ...


_expired_sessions: _Removal = partial(sessions.delete_expired, idle=IDLE)


def keep(settings: Settings) -> None:
    """Runs for ever, in the process that supervises the workers."""
    while True:
        try:
            asyncio.run(run_if_due(settings))
        except psycopg.OperationalError as error:
            _log.warning("maintenance waits for the database", error=type(error).__name__)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the service stays up and tries again
            _log.exception("maintenance failed")
        time.sleep(_LOOK_SECONDS)


async def run_if_due(settings: Settings) -> dict[str, int] | None:
    """What was removed; None when another replica is at it, or did it within the day."""
    with tried(settings.database or "", Lock.maintenance) as first:
        if not first:
            return None
        database = Database(settings)
        await database.open()
        try:
            if not await database.run(jobs.claim, name=_JOB, every=_EVERY):
                return None
            removed = await remove_expired(database)
        finally:
            await database.close()
    _log.info("maintenance done", **removed)
    return removed


async def remove_expired(database: Database) -> dict[str, int]:
    """By the names of the tables."""
    removals: dict[str, Callable[[Database], Awaitable[int]]] = {
        "sessions": remove_expired_sessions,
        "sign_in_attempts": partial(_remove_all, sign_in_attempts.delete_expired),
        "rate_limits": partial(_remove_all, rate_limits.delete_ended),
    }
    return {table: await remove(database) for table, remove in removals.items()}


async def remove_expired_sessions(database: Database) -> int:
    """Sessions that were not used for too long, or that are too old; says how many."""
    return await _remove_all(_expired_sessions, database)


async def _remove_all(statement: _Removal, database: Database) -> int:
    removed = 0
    while True:
        batch = await database.run(statement, limit=_BATCH)
        removed += batch
        if batch < _BATCH:
            return removed
