"""The answers that are being made in this process."""

import asyncio
from uuid import UUID

from plccoach_api import problem_details
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.runs.checkpoint import checkpoint
from plccoach_api.coach.runs.notifications import Notifier
from plccoach_api.coach.runs.run import Run
from plccoach_api.coach.runs.start import PendingAnswer
from plccoach_api.database.pool import Database
from plccoach_api.queries.messages import Message

_CLOSE_SECONDS = 2.0


class RunRegistry:
    """By their messages' ids. A run goes on though nobody is left who waits for it."""

    def __init__(self, database: Database, engine: Engine, notifier: Notifier) -> None:
        self.ending = asyncio.Event()
        """Set when streams must come to their end."""
        self._database = database
        self._engine = engine
        self._notifier = notifier
        self._runs: dict[UUID, Run] = {}
        self._keeping: asyncio.Task[None] | None = None

    def start(self, pending: PendingAnswer) -> Run:
        run = Run(self._database, self._engine, pending)
        self._runs[pending.message_id] = run
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(checkpoint(self._database, self._runs.values), name="keeping answers")
        run.task.add_done_callback(lambda task: self._ended(run, task))
        return run

    def get(self, message_id: UUID) -> Run | None:
        return self._runs.get(message_id)

    def end_streams(self) -> None:
        """What is being streamed fails, with the text so far. Whoever waits for a whole answer still gets it."""
        self.ending.set()
        for run in self._runs.values():
            if run.is_followed:
                run.interrupt()
        self._notifier.wake_all()

    async def close(self) -> None:
        """Lets the answers that nobody waits for be finished; what is not done soon is stored as failed."""
        tasks = {run.task for run in self._runs.values()}
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._keeping:
            self._keeping.cancel()

    def _ended(self, run: Run, task: asyncio.Task[Message]) -> None:
        if self._runs.get(run.pending.message_id) is run:
            del self._runs[run.pending.message_id]
        # Whoever waits for it tells of its failure; a stream has told its client, and not the log.
        if not task.cancelled() and (error := task.exception()) and not run.waiting:
            problem_details.log_error(error)
