"""From a question to a stored answer, whoever is still waiting for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from plccoach_api import logs
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.exchange import AskedBefore, Question, begin, finish
from plccoach_api.coach.replay import replay
from plccoach_api.database.pool import Database
from plccoach_api.queries.messages import Message

_log = logs.get_logger(__name__)

_CLOSE_SECONDS = 2.0


class Coach:
    """Answers questions. An answer is finished and stored though its client has gone away."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._engine = engine
        self._running: set[asyncio.Task[Message]] = set()

    async def ask(self, question: Question) -> Message:
        """Raises NotFound, AnswerInProgress, IdempotencyKeyReused, or CoachUnavailable when the answer failed."""
        return await self._outliving(self._ask(question))

    async def close(self) -> None:
        """Lets the answers that nobody waits for be finished; what is not done soon is stored as failed."""
        if self._running:
            await asyncio.wait(self._running, timeout=_CLOSE_SECONDS)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._engine.close()

    async def _ask(self, question: Question) -> Message:
        try:
            exchange = await begin(self._database, question)
        except AskedBefore as before:
            return await replay(self._database, self._engine, question, before.key)
        return await finish(self._database, self._engine, exchange)

    async def _outliving(self, work: Coroutine[Any, Any, Message]) -> Message:
        task = asyncio.create_task(work, name="answer")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_tell)
            raise


def _tell(task: asyncio.Task[Message]) -> None:
    """Of a failure that no client is left to be told of."""
    if not task.cancelled() and (error := task.exception()):
        _log.error("an answer failed that nobody waits for", exc_info=error)
