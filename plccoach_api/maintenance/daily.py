"""When what has had its time is removed: once a day, by one replica for all."""

import asyncio
import time
from datetime import timedelta

import psycopg

from plccoach_api import logs
from plccoach_api.database.locks import Lock, tried
from plccoach_api.database.pool import Database
from plccoach_api.maintenance import retention
from plccoach_api.queries import jobs
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_JOB = "retention"
_EVERY = timedelta(days=1)
_LOOK_SECONDS = 600.0


def run_forever(settings: Settings) -> None:
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
            if not await database.run_idempotent(jobs.claim, name=_JOB, every=_EVERY):
                return None
            removed = await retention.remove_expired(database, settings)
        finally:
            await database.close()
    _log.info("maintenance done", **removed)
    return removed
