"""The coach answers questions. An answer is finished and stored even when its client has left."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from time import monotonic
from uuid import UUID

from plccoach_api import problems
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.quota import Quota, count_against_quota, count_search
from plccoach_api.coach.retrieval.passages import SearchOptions, search
from plccoach_api.coach.retrieval.wording import find_wording
from plccoach_api.coach.runs.completion_stream import CompletionWriter, read_completion
from plccoach_api.coach.runs.notifications import Notifier
from plccoach_api.coach.runs.reader import StreamReader
from plccoach_api.coach.runs.registry import RunRegistry
from plccoach_api.coach.runs.sse import StreamOffset
from plccoach_api.coach.runs.start import PendingAnswer, Question, start
from plccoach_api.coach.runs.timings import DEFAULT_TIMINGS, Timings
from plccoach_api.coach.runs.unstored import UnstoredAnswer, UnstoredQuestion
from plccoach_api.coach.turns import Turns
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers, messages
from plccoach_api.queries.chunks import Passage
from plccoach_api.queries.messages import Message
from plccoach_api.rules.messages import MessageRole, MessageStatus

# A program limits the number of passages, not their tokens. No search reaches this limit.
_NO_TOKEN_LIMIT = 1_000_000
_BEGINNINGS_AT_ONCE = 4
_TOO_MANY = "Too many questions come at once. Your question is not saved: send it again in a moment."


class Coach:
    """A process has one coach."""

    def __init__(
        self, database: Database, engine: Engine, quota: Quota, public_url: str, timings: Timings = DEFAULT_TIMINGS
    ) -> None:
        """Citations in events link to pages below `public_url`."""
        self._database = database
        self._engine = engine
        self._quota = quota
        self._public_url = public_url
        self._timings = timings
        self._notifier = Notifier(database)
        self._registry = RunRegistry(database, engine, self._notifier, timings)
        self._starting: set[asyncio.Task[UUID]] = set()
        self._beginnings = Turns(_BEGINNINGS_AT_ONCE, refusal=_TOO_MANY)

    async def ask(self, question: Question) -> Message:
        """Returns the whole answer.

        Raises what `start` raises, and CoachUnavailable when the answer failed, or when others begin for too long.
        """
        message_id = await self._start_shielded(question)
        if run := self._registry.get(message_id):
            return await run.wait()
        message = await self._wait_for_end(question.user_id, message_id, self._timings.join)
        if message.status is MessageStatus.failed:
            raise problems.CoachUnavailable
        if message.status is MessageStatus.generating:
            raise problems.AnswerInProgress
        return message

    async def stream(self, question: Question, request_id: str) -> AsyncGenerator[bytes, None]:
        """Returns the answer's events. Raises NotReady, or what `start` raises, before the first event."""
        if self._registry.shutdown.is_set():
            raise problems.NotReady("The service is stopping. Your question is not saved: send it again.")
        message_id = await self._start_shielded(question)
        message = await self._get_answer(question.user_id, message_id)
        return await self._events(question.user_id, message, StreamOffset(), request_id)

    async def answer_unstored(self, question: UnstoredQuestion) -> UnstoredAnswer:
        """Begins an answer that is not stored. Raises NotReady, TooManyRequests or CostCeilingReached."""
        if self._registry.shutdown.is_set():
            raise problems.NotReady("The service is stopping. Send your question again.")
        async with self._turn_to_begin(question.user_id), self._database.transaction() as connection:
            await count_against_quota(connection, question.user_id, self._quota)
        return self._registry.start_unstored(question)

    async def search(self, user_id: UUID, query: str, limit: int) -> list[Passage]:
        """Returns the best passages, best first, for a program that reads them itself. Raises TooManyRequests."""
        async with self._turn_to_begin(user_id), self._database.transaction() as connection:
            await count_search(connection, user_id, self._quota)
        wording = await find_wording(self._database, query)
        options = SearchOptions(limit=limit, token_limit=_NO_TOKEN_LIMIT)
        return await search(self._database, wording.of(query), embedder=self._engine.embedder, options=options)

    def stream_unstored(self, live: UnstoredAnswer, writer: CompletionWriter) -> AsyncGenerator[bytes, None]:
        return read_completion(live, writer, self._timings, self._registry.shutdown.is_set)

    async def follow(
        self, user_id: UUID, message_id: UUID, offset: StreamOffset, request_id: str
    ) -> AsyncGenerator[bytes, None] | None:
        """Returns the events of an answer after an offset, or None after its last event. Any process may generate it.

        Raises NotFound or NotAnAnswer.
        """
        message = await self._get_answer(user_id, message_id)
        has_ended = message.status is not MessageStatus.generating
        if has_ended and offset.is_last and offset.characters >= len(message.content):
            return None
        if offset.is_last:
            # The stream ended with an error, and the answer went on: its citations may not have been sent.
            offset = StreamOffset(offset.characters)
        return await self._events(user_id, message, offset, request_id)

    async def stop(self, user_id: UUID, message_id: UUID) -> Message:
        """Stops an answer and returns it. An ended answer is returned unchanged. Raises NotFound or NotAnAnswer."""
        message = await self._get_answer(user_id, message_id)
        if message.status is not MessageStatus.generating:
            return message
        await self._database.run_idempotent(answers.request_stop, user_id=user_id, id=message_id)
        if run := self._registry.get(message_id):
            run.stop()
        return await self._wait_for_end(user_id, message_id, self._timings.stop)

    def end_streams(self) -> None:
        """Ends all streams, because on SIGTERM the server would wait for them without a limit."""
        self._registry.end_streams()

    async def close(self) -> None:
        await asyncio.gather(*self._starting, return_exceptions=True)
        await self._registry.close()
        await self._engine.close()

    async def _events(
        self, user_id: UUID, message: Message, offset: StreamOffset, request_id: str
    ) -> AsyncGenerator[bytes, None]:
        question_id = await self._database.run_idempotent(answers.get_question, user_id=user_id, id=message.id)
        reader = StreamReader(
            self._database,
            self._notifier,
            self._registry.shutdown,
            self._timings,
            public_url=self._public_url,
            user_id=user_id,
            request_id=request_id,
            offset=offset,
            question_id=question_id,
        )
        run = self._registry.get(message.id)
        return reader.live(run) if run else reader.stored(message)

    async def _start_shielded(self, question: Question) -> UUID:
        """Returns the answer's id. A client that disconnects cannot cancel the task between the commit and the run."""
        task = asyncio.create_task(self._start(question), name="question")
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        return await asyncio.shield(task)

    async def _start(self, question: Question) -> UUID:
        async with self._turn_to_begin(question.user_id):
            started = await start(self._database, question, self._quota, running=self._registry)
        if isinstance(started, PendingAnswer):
            self._registry.start(started)
        return started.message_id

    def _turn_to_begin(self, user_id: UUID) -> AbstractAsyncContextManager[None]:
        """Few questions begin at once: a crowd would take all connections from everybody else."""
        return self._beginnings.take(user_id, monotonic() + self._timings.begin)

    async def _wait_for_end(self, user_id: UUID, message_id: UUID, seconds: float) -> Message:
        """Polls the message until its answer has ended, for at most `seconds`, and returns its last state."""
        deadline = monotonic() + seconds
        message = await self._get_message(user_id, message_id)
        while message.status is MessageStatus.generating and monotonic() < deadline:
            await asyncio.sleep(self._timings.wait_poll)
            message = await self._get_message(user_id, message_id)
        return message

    async def _get_answer(self, user_id: UUID, message_id: UUID) -> Message:
        message = await self._get_message(user_id, message_id)
        if message.role is not MessageRole.assistant:
            raise problems.NotAnAnswer
        return message

    async def _get_message(self, user_id: UUID, message_id: UUID) -> Message:
        message = await self._database.run_idempotent(messages.get, user_id=user_id, id=message_id)
        if message is None:
            raise problems.NotFound
        return message
