"""From a question to a stored answer, whoever is still waiting for it."""

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic
from uuid import UUID

from plccoach_api import problems
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.runs.notifications import Notifier
from plccoach_api.coach.runs.reader import StreamReader
from plccoach_api.coach.runs.registry import RunRegistry
from plccoach_api.coach.runs.run import Run
from plccoach_api.coach.runs.sse import StreamOffset
from plccoach_api.coach.runs.start import AskedBefore, PendingAnswer, Question, Quota, restart, start
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers, idempotency_keys, messages
from plccoach_api.queries.messages import Message
from plccoach_api.rules.idempotency import Key
from plccoach_api.rules.messages import MessageRole, MessageStatus

_WAIT_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.1
# For a process that may have died to stop an answer.
_STOP_SECONDS = 3.0


class Coach:
    """Answers questions. An answer is finished and stored though its client has gone away."""

    def __init__(self, database: Database, engine: Engine, quota: Quota) -> None:
        self._database = database
        self._quota = quota
        self._engine = engine
        self._notifier = Notifier(database)
        self._registry = RunRegistry(database, engine, self._notifier)
        self._beginning: set[asyncio.Task[UUID]] = set()

    async def ask(self, question: Question) -> Message:
        """The whole answer.

        Raises NotFound, AnswerInProgress, IdempotencyKeyReused, or CoachUnavailable when the answer failed.
        """
        message_id = await self._begun(question)
        if run := self._registry.get(message_id):
            return await _whole(run)
        message = await self._settled(question.user_id, message_id, _WAIT_SECONDS)
        if message.status is MessageStatus.failed:
            raise problems.CoachUnavailable
        if message.status is MessageStatus.generating:
            raise problems.AnswerInProgress
        return message

    async def stream(self, question: Question, request_id: str) -> AsyncGenerator[bytes, None]:
        """The answer's events. What is wrong with the question is raised before the first of them."""
        if self._registry.ending.is_set():
            raise problems.CoachUnavailable
        message_id = await self._begun(question)
        return await self.follow(question.user_id, message_id, StreamOffset(), request_id)

    async def follow(
        self, user_id: UUID, message_id: UUID, since: StreamOffset, request_id: str
    ) -> AsyncGenerator[bytes, None]:
        """The events of an answer from a position on, whoever makes it. Raises NotFound or NotAnAnswer."""
        message = await self._answer(user_id, message_id)
        question_id = await self._database.run_idempotent(answers.get_question, user_id=user_id, id=message_id)
        reader = StreamReader(
            self._database,
            self._notifier,
            self._registry.ending,
            user_id=user_id,
            request_id=request_id,
            since=since,
            question_id=question_id,
        )
        run = self._registry.get(message_id)
        return reader.live(run) if run else reader.stored(message)

    async def stop(self, user_id: UUID, message_id: UUID) -> Message:
        """The message once it has stopped; as it is, if it was finished. Raises NotFound or NotAnAnswer."""
        message = await self._answer(user_id, message_id)
        if message.status is not MessageStatus.generating:
            return message
        await self._database.run_idempotent(answers.request_stop, user_id=user_id, id=message_id)
        if run := self._registry.get(message_id):
            run.stop()
        return await self._settled(user_id, message_id, _STOP_SECONDS)

    def end_streams(self) -> None:
        """For a process that was told to stop: the server waits for open streams without end."""
        self._registry.end_streams()

    async def close(self) -> None:
        await asyncio.gather(*self._beginning, return_exceptions=True)
        await self._registry.close()
        await self._engine.close()

    async def _begun(self, question: Question) -> UUID:
        """The message that answers it, from now on or already. A client that leaves does not stop this half way."""
        task = asyncio.create_task(self._begin(question), name="question")
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)
        return await asyncio.shield(task)

    async def _begin(self, question: Question) -> UUID:
        try:
            pending = await start(self._database, question, self._quota)
        except AskedBefore as before:
            return await self._repeat(question, before.key)
        self._registry.start(pending)
        return pending.message_id

    async def _repeat(self, question: Question, key: Key) -> UUID:
        """The message that the key made.

        One that has failed is tried again, in its old place: whoever repeats a question with its key
        after a 503 does what they were told to do.
        """
        use = await self._database.run_idempotent(idempotency_keys.get, user_id=question.user_id, key=key.text)
        if use is None:
            # Its time ended between two statements; the next attempt finds it free.
            raise problems.AnswerInProgress
        if use.request_hash != key.request_hash:
            raise problems.IdempotencyKeyReused
        message = await self._read(question.user_id, use.message_id)
        pending = PendingAnswer(question.user_id, message.conversation_id, message.id, question.text)
        ended = message.status in {MessageStatus.complete, MessageStatus.stopped}
        if not ended and not self._registry.get(message.id) and await restart(self._database, pending):
            self._registry.start(pending)
        return message.id

    async def _settled(self, user_id: UUID, message_id: UUID, seconds: float) -> Message:
        """The message once it is no longer being generated, or as it is when waiting has been long enough."""
        until = monotonic() + seconds
        message = await self._read(user_id, message_id)
        while message.status is MessageStatus.generating and monotonic() < until:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            message = await self._read(user_id, message_id)
        return message

    async def _answer(self, user_id: UUID, message_id: UUID) -> Message:
        message = await self._read(user_id, message_id)
        if message.role is not MessageRole.assistant:
            raise problems.NotAnAnswer
        return message

    async def _read(self, user_id: UUID, message_id: UUID) -> Message:
        message = await self._database.run_idempotent(messages.get, user_id=user_id, id=message_id)
        if message is None:
            raise problems.NotFound
        return message


async def _whole(run: Run) -> Message:
    run.waiting += 1
    try:
        return await asyncio.shield(run.task)
    finally:
        run.waiting -= 1
