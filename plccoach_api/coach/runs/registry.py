"""The registry of the runs of this process."""

import asyncio
from contextvars import Context
from typing import Any, TypeVar
from uuid import UUID

from plccoach_api import problem_details
from plccoach_api.coach.answer import Answer
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.runs.checkpoint import checkpoint
from plccoach_api.coach.runs.ended_answers import EndedAnswers
from plccoach_api.coach.runs.live_answer import LiveAnswer
from plccoach_api.coach.runs.notifications import Notifier
from plccoach_api.coach.runs.run import Run
from plccoach_api.coach.runs.start import PendingAnswer
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.coach.runs.unstored import UnstoredAnswer, UnstoredQuestion
from plccoach_api.database.pool import Database
from plccoach_api.queries.messages import Message

T = TypeVar("T")


class RunRegistry:
    """Finds a run by the id of its message. A run continues when no client waits for it any more."""

    def __init__(self, database: Database, engine: Engine, notifier: Notifier, timings: Timings) -> None:
        self.shutdown = asyncio.Event()
        """Set when all streams have to end."""
        self._database = database
        self._engine = engine
        self._notifier = notifier
        self._timings = timings
        self._runs: dict[UUID, Run] = {}
        self._ended = EndedAnswers(database, timings)
        self._unstored: set[UnstoredAnswer] = set()
        self._checkpoints: asyncio.Task[None] | None = None

    def start(self, pending: PendingAnswer) -> Run:
        run = Run(self._database, self._engine, pending, self._timings, self._ended)
        self._runs[pending.message_id] = run
        if self._checkpoints is None or self._checkpoints.done():
            # An empty context, because the task outlives the request that starts it.
            self._checkpoints = asyncio.create_task(
                checkpoint(self._database, self._runs.values, self._timings),
                name="answer checkpoints",
                context=Context(),
            )
        run.task.add_done_callback(lambda task: self._remove(run, task))
        return run

    def start_unstored(self, question: UnstoredQuestion) -> UnstoredAnswer:
        answer = UnstoredAnswer(self._database, self._engine, question, self._timings)
        self._unstored.add(answer)
        answer.task.add_done_callback(lambda task: self._remove_unstored(answer, task))
        return answer

    def get(self, message_id: UUID) -> Run | None:
        return self._runs.get(message_id)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._runs

    def end_streams(self) -> None:
        """Ends every streamed answer as failed, with the text so far. Requests for whole answers are still served."""
        self.shutdown.set()
        for live in self._live():
            if live.is_streamed:
                live.interrupt()
        self._notifier.wake_all()

    async def close(self) -> None:
        """Waits up to `timings.close` for the remaining runs, then stores the unfinished answers as failed."""
        tasks = {live.task for live in self._live()}
        if tasks:
            await asyncio.wait(tasks, timeout=self._timings.close)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._checkpoints:
            self._checkpoints.cancel()
        await self._ended.close()

    def _live(self) -> list[LiveAnswer[Any]]:
        return [*self._runs.values(), *self._unstored]

    def _remove(self, run: Run, task: asyncio.Task[Message]) -> None:
        if self._runs.get(run.pending.message_id) is run:
            del self._runs[run.pending.message_id]
        _log_failure(run, task)

    def _remove_unstored(self, answer: UnstoredAnswer, task: asyncio.Task[Answer]) -> None:
        self._unstored.discard(answer)
        _log_failure(answer, task)


def _log_failure(live: LiveAnswer[T], task: asyncio.Task[T]) -> None:
    """A request that waits for the answer logs the error itself. A stream reports it to its client only."""
    if not task.cancelled() and (error := task.exception()) and not live.waiting_requests:
        problem_details.log_error(error)
