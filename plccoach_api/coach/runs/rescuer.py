"""The rescuer ends the answers of processes that have died. Every process runs one, for all processes."""

import asyncio

from psycopg.errors import UndefinedColumn, UndefinedTable

from plccoach_api import logs, metrics
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers, unfinished_answers
from plccoach_api.rules.messages import LEASE

_log = logs.get_logger(__name__)

_BATCH = 500
# More answers than all replicas generate at once.
_MOST_UNFINISHED = 10_000


async def run(database: Database, timings: Timings) -> None:
    """Runs until it is cancelled. The first pass is immediate: a new process may replace one that died.

    The first pass looks at the answers of all users, because an older version does not write to `unfinished_answers`.
    Every other pass asks only for the users whose answers began a lease ago and have not ended.
    """
    first = True
    while True:
        pause = timings.rescue
        try:
            ended = await (_end_all(database) if first else _end_unfinished(database))
            first = False
            if ended:
                _log.warning("abandoned answers ended", answers=ended)
                metrics.RESCUED_ANSWERS.inc(by=ended)
            metrics.JOB_SUCCESS.set_to_now("rescue")
        except (*UNAVAILABLE, UndefinedTable, UndefinedColumn):
            # The database is unavailable, another process holds the rows, or the schema is not migrated yet.
            pause = timings.rescue_retry
        except Exception:  # noqa: BLE001 - no error may end the rescuer
            _log.exception("abandoned answers could not be ended")
        await asyncio.sleep(pause)


async def _end_all(database: Database) -> int:
    ended = 0
    while user_ids := await database.run_idempotent(answers.list_abandoned, limit=_BATCH):
        if not (batch := await database.run_idempotent(answers.end_abandoned, user_ids=user_ids)):
            # Another process has ended them in the meantime.
            break
        ended += batch
    return ended


async def _end_unfinished(database: Database) -> int:
    unfinished = await database.run_idempotent(unfinished_answers.list_old, older_than=LEASE, limit=_MOST_UNFINISHED)
    if not unfinished:
        return 0
    user_ids, ids = [each.user_id for each in unfinished], [each.id for each in unfinished]
    ended = await database.run_idempotent(answers.end_abandoned, user_ids=user_ids)
    generating = {*await database.run_idempotent(answers.list_generating, user_ids=user_ids, ids=ids)}
    await database.run_idempotent(
        unfinished_answers.delete_old, ids=[id_ for id_ in ids if id_ not in generating], older_than=LEASE
    )
    return ended
