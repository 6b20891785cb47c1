"""Keeps in their rows what the answers of this process have come to, many in one statement.

That renews their leases as well, so that other replicas can tell an answer that takes long from one
whose process has died, and finds out which of them are to be stopped.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from psycopg import InterfaceError, OperationalError

from plccoach_api import logs
from plccoach_api.coach.runs.notifications import notify
from plccoach_api.coach.runs.run import Run
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers
from plccoach_api.rules.messages import LEASE

_log = logs.get_logger(__name__)

# Each answer that often. They take turns: all of them at once would keep both the loop and PostgreSQL from the deltas.
_EVERY_SECONDS = 0.4
# In a statement. Encoding more would keep the deltas of other answers waiting.
_AT_ONCE = 25


async def checkpoint(database: Database, runs: Callable[[], Collection[Run]]) -> None:
    """Goes on until there are no more runs. One that ends before it is looked at has nobody who waits elsewhere."""
    before: set[UUID] = set()
    while before or runs():
        running = list(runs())
        now = {run.pending.message_id for run in running}
        with _errors_logged():
            await notify(database, before - now)
        before = now
        turns = [running[first : first + _AT_ONCE] for first in range(0, len(running), _AT_ONCE)]
        for turn in turns:
            await asyncio.sleep(_EVERY_SECONDS / len(turns))
            with _errors_logged():
                await _checkpoint(database, turn)


@contextmanager
def _errors_logged() -> Iterator[None]:
    """No error may end the task that renews the leases."""
    try:
        yield
    except (OperationalError, InterfaceError):
        # The database is away. The next pass tries again.
        pass
    except Exception:  # noqa: BLE001 - an error in one batch must not cost the other answers their leases
        _log.exception("answer checkpoint failed")


async def _checkpoint(database: Database, runs: Sequence[Run]) -> None:
    take_checkpoint = [(run, written) for run in runs if (written := run.take_checkpoint())]
    if not take_checkpoint:
        return
    to_stop = await database.run_idempotent(
        answers.update_progress, written=[written for _, written in take_checkpoint], lease=LEASE
    )
    for run, written in take_checkpoint:
        if written.id in to_stop:
            run.stop()
    await notify(database, (written.id for _, written in take_checkpoint))
