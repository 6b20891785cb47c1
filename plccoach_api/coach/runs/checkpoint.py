"""Stores the text so far of all running answers, many in one statement.

The same statement renews the leases of the answers, so that other processes can distinguish a slow answer from an
abandoned answer. It also returns the answers that have to stop.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

from plccoach_api import logs
from plccoach_api.coach.runs.notifications import notify
from plccoach_api.coach.runs.run import Run
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers
from plccoach_api.rules.messages import LEASE

_log = logs.get_logger(__name__)

# Encoding more answers at once would delay the deltas of other answers.
_BATCH = 25


async def checkpoint(database: Database, runs: Callable[[], Collection[Run]], timings: Timings) -> None:
    """Runs until no run is left. A run that starts and ends between two passes sends no notification: its readers poll.

    Other processes are notified only of answers that a reader there follows, because PostgreSQL wakes all processes.

    A pass spreads its batches over the time between two passes. All batches at once would delay the deltas.
    """
    previous: dict[UUID, UUID] = {}
    while previous or runs():
        running = list(runs())
        current = {run.pending.message_id: run.pending.user_id for run in running}
        with _errors_suppressed():
            await _notify_of_ends(database, {id_: previous[id_] for id_ in previous.keys() - current.keys()})
        previous = current
        batches = [running[first : first + _BATCH] for first in range(0, len(running), _BATCH)]
        for batch in batches:
            await asyncio.sleep(timings.checkpoint / len(batches))
            with _errors_suppressed():
                await _checkpoint(database, batch)


@contextmanager
def _errors_suppressed() -> Iterator[None]:
    """Suppresses every error, because an error must not end the task that renews the leases."""
    try:
        yield
    except UNAVAILABLE:
        # The database is unavailable. The next pass tries again.
        pass
    except Exception:  # noqa: BLE001 - an error in one batch must not cost the other answers their leases
        _log.exception("answer checkpoint failed")


async def _checkpoint(database: Database, runs: Sequence[Run]) -> None:
    taken = [(run, taken) for run in runs if (taken := run.take_checkpoint())]
    if not taken:
        return
    stored = await database.run_idempotent(
        answers.checkpoint,
        user_ids=list({checkpoint.user_id for _, checkpoint in taken}),
        checkpoints=[checkpoint for _, checkpoint in taken],
        lease=LEASE,
    )
    to_stop = {each.id for each in stored if each.has_to_stop}
    for run, each in taken:
        if each.id in to_stop:
            run.stop()
    await notify(database, [each.id for each in stored if each.is_followed])


async def _notify_of_ends(database: Database, owners: Mapping[UUID, UUID]) -> None:
    """Notifies other processes of those answers that they follow. `owners` has the user of each answer."""
    if owners:
        followed = await database.run_idempotent(
            answers.list_followed, user_ids=list(owners.values()), ids=list(owners)
        )
        await notify(database, followed)
