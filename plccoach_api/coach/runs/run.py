"""A run: it generates one answer, wakes the answer's readers, and stores the end of the answer.

It holds no database connection while a model writes. coach/runs/checkpoint.py stores the text so far.
"""

import asyncio
from time import monotonic

from plccoach_api import metrics, problems
from plccoach_api.coach.answer import Answer, Turn, final_answer
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.pipeline import respond
from plccoach_api.coach.runs.ended_answers import EndedAnswers
from plccoach_api.coach.runs.live_answer import LiveAnswer
from plccoach_api.coach.runs.sse import StreamOffset
from plccoach_api.coach.runs.start import PendingAnswer
from plccoach_api.coach.runs.store import AnswerStore
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.queries import messages
from plccoach_api.queries.answers import Checkpoint
from plccoach_api.queries.messages import Message
from plccoach_api.rules.messages import CONTEXT_MESSAGES, MessageStatus


class Run(LiveAnswer[Message]):
    """`task` returns the message as it is stored, or raises."""

    def __init__(
        self, database: Database, engine: Engine, pending: PendingAnswer, timings: Timings, ended: EndedAnswers
    ) -> None:
        self.pending = pending
        self._database = database
        self._engine = engine
        self._timings = timings
        self._store = AnswerStore(database, pending, timings, ended)
        self._checkpointed = (StreamOffset(), monotonic())
        super().__init__()

    def take_checkpoint(self) -> Checkpoint | None:
        """Returns the text so far; None if neither the text nor the lease needs another checkpoint yet."""
        offset, at = self._checkpointed
        is_unchanged = offset == self.transcript.end and monotonic() - at < self._timings.renewal
        if self._generation.done() or is_unchanged:
            return None
        self._checkpointed = (self.transcript.end, monotonic())
        pending, transcript = self.pending, self.transcript
        return Checkpoint(pending.user_id, pending.message_id, pending.run_id, transcript.content, transcript.citations)

    def stop(self) -> None:
        """Ends the answer as stopped, with the text so far."""
        self._generation.cancel()

    async def _finish(self) -> Message:
        try:
            answer = await self._result()
        except (Exception, asyncio.CancelledError) as error:
            self._generation.cancel()
            await asyncio.wait({self._generation})
            await self._fail()
            if isinstance(error, UNAVAILABLE):
                raise problems.CoachUnavailable from error
            raise
        if answer:
            message = await self._store.complete(answer)
            metrics.ANSWERS.inc(answer.kind.value, self._engine.name)
            return message
        if self._is_interrupted:
            await self._fail()
            raise problems.CoachUnavailable
        message = await self._store.stop(self.transcript)
        metrics.UNFINISHED_ANSWERS.inc(MessageStatus.stopped.value)
        return message

    async def _fail(self) -> None:
        metrics.UNFINISHED_ANSWERS.inc(MessageStatus.failed.value)
        await self._store.fail(self.transcript)

    async def _generate(self) -> Answer:
        history = await self._history()
        asked = self.pending
        pieces = respond(
            self._database, self._engine, asked.question, history, asker=asked.user_id, book_ids=asked.book_ids
        )
        return await final_answer(pieces, self._add)

    async def _history(self) -> list[Turn]:
        if self.pending.is_first:
            return []
        rows = await self._database.run_idempotent(
            messages.list_before,
            user_id=self.pending.user_id,
            conversation_id=self.pending.conversation_id,
            answer_id=self.pending.message_id,
            limit=CONTEXT_MESSAGES,
        )
        return [Turn(row.role, row.content) for row in rows]
