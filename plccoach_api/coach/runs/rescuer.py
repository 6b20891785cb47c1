"""The rescuer ends the answers of processes that have died. Every process runs one, for all processes."""

import asyncio

from psycopg.errors import UndefinedColumn, UndefinedTable

from plccoach_api import logs, metrics
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers

_log = logs.get_logger(__name__)

_BATCH = 500


async def run(database: Database, timings: Timings) -> None:
    """Runs until it is cancelled. The first pass is immediate: a new process may replace one that died."""
    while True:
        pause = timings.rescue
        try:
            if ended := await database.run_idempotent(answers.end_abandoned, limit=_BATCH):
                _log.warning("abandoned answers ended", answers=ended)
                metrics.RESCUED_ANSWERS.inc(by=ended)
            metrics.JOB_SUCCESS.set_to_now("rescue")
        except (*UNAVAILABLE, UndefinedTable, UndefinedColumn):
            # The database is unavailable, another process holds the rows, or the schema is not migrated yet.
            pause = timings.rescue_retry
        except Exception:  # noqa: BLE001 - no error may end the rescuer
            _log.exception("abandoned answers could not be ended")
        await asyncio.sleep(pause)
