"""An answer that is not stored: its client keeps the conversation. It counts and costs as much as any other."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from plccoach_api import logs, metrics, problems
from plccoach_api.coach.answer import Answer, Turn, final_answer
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.pipeline import respond
from plccoach_api.coach.runs.live_answer import LiveAnswer
from plccoach_api.coach.runs.store import with_retries
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.queries import spending
from plccoach_api.rules.messages import MessageStatus

_log = logs.get_logger(__name__)

_UNAVAILABLE = "The coach cannot answer right now. Try again in a moment."


@dataclass(frozen=True, slots=True)
class UnstoredQuestion:
    """A question with what was said before it, as its client sent them."""

    user_id: UUID
    text: str
    history: Sequence[Turn]


class UnstoredAnswer(LiveAnswer[Answer]):
    """`task` returns the whole answer after it was charged, or raises. It is charged also when its reader has left."""

    def __init__(self, database: Database, engine: Engine, question: UnstoredQuestion, timings: Timings) -> None:
        self._database = database
        self._engine = engine
        self._question = question
        self._timings = timings
        super().__init__()

    async def _generate(self) -> Answer:
        question = self._question
        pieces = respond(self._database, self._engine, question.text, question.history, asker=question.user_id)
        return await final_answer(pieces, self._add)

    async def _finish(self) -> Answer:
        try:
            answer = await self._whole()
        except (Exception, asyncio.CancelledError):
            metrics.UNFINISHED_ANSWERS.inc(MessageStatus.failed.value)
            raise
        metrics.ANSWERS.inc(answer.kind.value, self._engine.name)
        if answer.cost_usd:
            await self._charge(answer.cost_usd)
        return answer

    async def _whole(self) -> Answer:
        try:
            answer = await self._result()
        except (problems.CoachUnavailable, *UNAVAILABLE) as error:
            raise problems.CoachUnavailable(_UNAVAILABLE) from error
        except asyncio.CancelledError:
            self._generation.cancel()
            await asyncio.wait({self._generation})
            raise
        if answer is None:
            raise problems.CoachUnavailable(_UNAVAILABLE)
        return answer

    async def _charge(self, cost_usd: Decimal) -> None:
        async def charge() -> None:
            async with self._database.transaction() as connection:
                await spending.create(connection, user_id=self._question.user_id, cost_usd=cost_usd)

        try:
            await with_retries(self._timings, charge)
        except UNAVAILABLE as error:
            # The reader has read the answer already.
            _log.warning("answer could not be charged", error=type(error).__name__, cost_usd=str(cost_usd))
