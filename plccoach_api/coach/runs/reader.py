"""The events of an answer for one client, from the run that generates it or from the answer's row."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import closing, suppress
from time import monotonic
from uuid import UUID

from plccoach_api import problem_details, problems
from plccoach_api.coach.answer import Cited, Delta
from plccoach_api.coach.runs.keep_alive import KeepAliveTimer
from plccoach_api.coach.runs.notifications import Notifier
from plccoach_api.coach.runs.run import Run
from plccoach_api.coach.runs.sse import KEEP_ALIVE, Event, StreamOffset, encode
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.coach.runs.transcript import Transcript
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.problems import Problem
from plccoach_api.queries import answers, messages
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.rules.messages import FOLLOW_LEASE, MessageStatus
from plccoach_api.structs.citations import Citation
from plccoach_api.structs.events import ContentDelta, MessageComplete, MessageStart, StreamError
from plccoach_api.structs.messages import Message


class StreamReader:
    """Yields the events that its client has not received yet. No queue grows while the client is slow."""

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        shutdown: asyncio.Event,
        timings: Timings,
        *,
        public_url: str,
        user_id: UUID,
        request_id: str,
        offset: StreamOffset,
        question_id: UUID | None,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._shutdown = shutdown
        self._timings = timings
        self._public_url = public_url
        self._user_id = user_id
        self._request_id = request_id
        self._offset = offset
        self._question_id = question_id
        self._superseded: Collection[UUID] = ()
        self._follows_again_at = 0.0

    async def live(self, run: Run) -> AsyncGenerator[bytes, None]:
        """Yields the events of an answer that this process generates."""
        if start := self._start(run.pending.conversation_id, run.pending.message_id):
            yield start
        with run.subscribe() as changed, closing(KeepAliveTimer(changed, self._timings.keep_alive)) as silence:
            if self._shutdown.is_set():
                run.interrupt()
            ended = False
            while not ended:
                changed.clear()
                ended = run.task.done()
                for piece in run.transcript.since(self._offset):
                    yield self._piece(piece)
                    silence.interrupt()
                if silence.take_due_comment():
                    yield KEEP_ALIVE
                if not ended:
                    await changed.wait()
        yield self._outcome(run.task)

    async def stored(self, message: MessageRow) -> AsyncGenerator[bytes, None]:
        """Yields the events of an answer that has ended, or that another process generates."""
        current: MessageRow | None = message
        if start := self._start(message.conversation_id, message.id):
            yield start
        with (
            self._notifier.subscribe(message.id) as changed,
            closing(KeepAliveTimer(changed, self._timings.keep_alive)) as silence,
        ):
            while current:
                self._superseded = current.superseded
                for piece in Transcript.of(current.content, current.citations).since(self._offset):
                    yield self._piece(piece)
                    silence.interrupt()
                if current.status is not MessageStatus.generating:
                    yield self._end(current)
                    return
                if self._shutdown.is_set():
                    break
                if silence.take_due_comment():
                    yield KEEP_ALIVE
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._timings.poll):
                        await changed.wait()
                changed.clear()
                # While the database is unavailable, the reader keeps polling.
                with suppress(*UNAVAILABLE):
                    await self._follow(message.id)
                    current = await self._database.run_idempotent(messages.get, user_id=self._user_id, id=message.id)
        yield self._error(problems.CoachUnavailable() if current else problems.NotFound())

    async def _follow(self, message_id: UUID) -> None:
        """Asks the answer's run for notifications. The row is read after that, so no change is missed."""
        if monotonic() < self._follows_again_at:
            return
        # On a read-only database the reader polls.
        with suppress(*UNAVAILABLE):
            await self._database.run_idempotent(
                answers.follow, user_id=self._user_id, id=message_id, lease=FOLLOW_LEASE
            )
        self._follows_again_at = monotonic() + self._timings.follow

    def _start(self, conversation_id: UUID, message_id: UUID) -> bytes:
        """Returns no event for a client that continues from an offset, or when the question was deleted."""
        if self._offset != StreamOffset() or self._question_id is None:
            return b""
        started = MessageStart(conversation_id, self._question_id, message_id)
        return encode(Event.message_start, self._offset.id, started)

    def _piece(self, piece: Delta | Cited) -> bytes:
        self._offset = self._offset.after(piece)
        if isinstance(piece, Cited):
            citation = Citation.of(piece.citation, self._public_url, self._superseded)
            return encode(Event.citation, self._offset.id, citation)
        return encode(Event.content_delta, self._offset.id, ContentDelta(piece.text))

    def _outcome(self, task: asyncio.Task[MessageRow]) -> bytes:
        if task.cancelled():
            return self._error(problems.CoachUnavailable())
        error = task.exception()
        if isinstance(error, Exception):
            return self._error(problem_details.to_problem(error))
        return self._end(task.result())

    def _end(self, message: MessageRow) -> bytes:
        if message.status is MessageStatus.failed:
            return self._error(problems.CoachUnavailable())
        return encode(
            Event.message_complete, self._offset.last_id, MessageComplete(Message.of(message, self._public_url))
        )

    def _error(self, problem: Problem) -> bytes:
        details = problem_details.details(problem, self._request_id)
        return encode(Event.error, self._offset.last_id, StreamError(details))
