"""Removes expired data once a day, in one replica for all.

The table `jobs` says when the job is due, so it runs once a day however often the replicas restart.
"""

import asyncio
import time
from datetime import timedelta

from plccoach_api import logs, metrics
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.locks import Lock, try_acquire
from plccoach_api.database.pool import Database
from plccoach_api.maintenance import retention
from plccoach_api.queries import jobs
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_JOB = "retention"
_INTERVAL = timedelta(days=1)
_CHECK_SECONDS = 600.0
# A job that failed is due again at the next check.
_RETRY = timedelta(seconds=_CHECK_SECONDS)


def run_forever(settings: Settings) -> None:
    """Runs in a thread of the process that supervises the workers, and ends with that process."""
    while True:
        try:
            removed = asyncio.run(run_if_due(settings))
            metrics.JOB_SUCCESS.set_to_now("maintenance_check")
            if removed is not None:
                metrics.JOB_SUCCESS.set_to_now("maintenance")
        except UNAVAILABLE as error:
            _log.warning("maintenance waits for the database", error=type(error).__name__)
        except Exception:  # noqa: BLE001 - the service stays up after any error, and tries again
            _log.exception("maintenance failed")
        time.sleep(_CHECK_SECONDS)


async def run_if_due(settings: Settings) -> dict[str, int] | None:
    """Returns the number of removed rows by table, or None if the job is not due or another replica runs it."""
    direct = settings.direct
    with try_acquire(direct.database or "", Lock.maintenance) as locked:
        if not locked:
            return None
        database = Database(direct)
        await database.open()
        try:
            async with database.transaction() as connection:
                claimed = await jobs.claim(connection, name=_JOB, every=_RETRY)
            if not claimed:
                return None
            removed = await retention.remove_expired(database, settings)
            await database.run_idempotent(jobs.finish, name=_JOB, every=_INTERVAL)
        finally:
            await database.close()
    _log.info("maintenance done", **removed)
    return removed
