"""Stores how an answer ends, and charges its cost to the user's organization."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import monotonic, perf_counter
from typing import TypeAlias, TypeVar

from plccoach_api import logs, problems
from plccoach_api.coach.answer import Answer, PartialAnswer
from plccoach_api.coach.runs.ended_answers import EndedAnswers
from plccoach_api.coach.runs.start import PendingAnswer
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import answers, messages, spending
from plccoach_api.queries.messages import Message
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageStatus
from plccoach_api.rules.pricing import UNKNOWN_USAGE, Usage
from plccoach_api.rules.stopped_early import StoppedEarly

T = TypeVar("T")
Finish: TypeAlias = Callable[[Connection], Awaitable[Message | None]]
"""Stores the end of an answer; None when its run has lost it."""

_log = logs.get_logger(__name__)


class AnswerStore:
    """Stores the end of one answer. A run that has lost its answer changes nothing, and returns the stored message."""

    def __init__(self, database: Database, pending: PendingAnswer, timings: Timings, ended: EndedAnswers) -> None:
        self._database = database
        self._ended = ended
        self._pending = pending
        self._timings = timings
        self._started = perf_counter()

    async def complete(self, answer: Answer) -> Message:
        """Stores a whole answer. Raises NotFound or CoachUnavailable when the run has lost the answer."""
        finish = self._finish(
            MessageStatus.complete,
            content=answer.content,
            citations=answer.citations,
            kind=answer.kind,
            domains=answer.domains,
            suggestions=answer.suggestions,
            stopped_early=answer.stopped_early,
            usage=answer.usage,
        )
        store = (
            partial(self._store_and_charge, finish, answer) if answer.cost_usd else partial(self._store_once, finish)
        )
        return await self._end(store)

    async def stop(self, written: PartialAnswer) -> Message:
        """Stores the text so far. Raises the same errors as `complete`."""
        finish = self._finish(MessageStatus.stopped, content=written.content, citations=written.citations)
        return await self._end(partial(self._store_once, finish))

    async def fail(self, written: PartialAnswer) -> None:
        """Stores the text so far. Without a database, the rescuer ends the answer when its lease expires."""
        finish = self._finish(MessageStatus.failed, content=written.content, citations=written.citations)
        try:
            await self._store_once(finish)
        except UNAVAILABLE as error:
            _log.warning("failed answer could not be stored", error=type(error).__name__)

    async def _store_once(self, finish: Finish) -> Message | None:
        # A repeated attempt finds that the answer has ended, and returns None: `_reload` then reads the result.
        return await self._database.run_idempotent(finish)

    async def _store_and_charge(self, finish: Finish, answer: Answer) -> Message | None:
        """Uses one transaction, so that every stored answer is charged once."""
        async with self._database.transaction() as connection:
            stored = await finish(connection)
            if stored and answer.cost_usd:
                await spending.create(connection, user_id=self._pending.user_id, cost_usd=answer.cost_usd)
        return stored

    async def _end(self, store: Callable[[], Awaitable[Message | None]]) -> Message:
        message = await with_retries(self._timings, store) or await self._reload()
        self._ended.add(message.id)
        return message

    def _finish(
        self,
        status: MessageStatus,
        *,
        content: str,
        citations: Sequence[Citation],
        kind: MessageKind | None = None,
        domains: Sequence[Domain] = (),
        suggestions: Sequence[str] = (),
        stopped_early: StoppedEarly | None = None,
        usage: Usage = UNKNOWN_USAGE,
    ) -> Finish:
        """Returns the function that stores the end. The wait for a database is no part of the response time."""
        return partial(
            answers.finish,
            user_id=self._pending.user_id,
            conversation_id=self._pending.conversation_id,
            id=self._pending.message_id,
            run_id=self._pending.run_id,
            status=status,
            content=content,
            kind=kind,
            citations=citations,
            domains=domains,
            suggestions=suggestions,
            stopped_early=stopped_early,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost_usd=usage.cost_usd,
            response_time_ms=round((perf_counter() - self._started) * 1000),
        )

    async def _reload(self) -> Message:
        """Returns the answer that ended before this attempt: an earlier attempt may have stored it."""
        message = await self._database.run_idempotent(
            messages.get, user_id=self._pending.user_id, id=self._pending.message_id
        )
        if message is None:
            raise problems.NotFound
        if message.status in {MessageStatus.complete, MessageStatus.stopped}:
            return message
        raise problems.CoachUnavailable


async def with_retries(timings: Timings, store: Callable[[], Awaitable[T]]) -> T:
    """Tries again for a while when the database is unavailable."""
    deadline = monotonic() + timings.store
    while True:
        try:
            return await store()
        except UNAVAILABLE:
            if monotonic() > deadline:
                raise
        await asyncio.sleep(timings.store_retry)
