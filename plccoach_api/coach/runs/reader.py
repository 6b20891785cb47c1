"""The events of an answer, for one reader: from the run that makes it, or from its row when that is elsewhere.

A reader takes from what was written whatever it has not sent yet. One that is slow finds more of it
the next time, and nothing waits in a queue for it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import closing, suppress
from uuid import UUID

from psycopg import InterfaceError, OperationalError

from plccoach_api import problem_details, problems
from plccoach_api.coach.answer import Cited, Delta
from plccoach_api.coach.runs.notifications import Notifier
from plccoach_api.coach.runs.run import Run
from plccoach_api.coach.runs.sse import KEEP_ALIVE, KEEP_ALIVE_SECONDS, Event, StreamOffset, encode, rest
from plccoach_api.database.pool import Database
from plccoach_api.problems import Problem
from plccoach_api.queries import messages
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.rules.messages import MessageStatus
from plccoach_api.structs.events import ContentDelta, MessageComplete, MessageStart, StreamError
from plccoach_api.structs.messages import Message

# Another process tells when it has written more; should that be lost, it is found so much later.
_LOOK_SECONDS = 1.0


class StreamReader:
    """Where one reader is in an answer."""

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        ending: asyncio.Event,
        *,
        user_id: UUID,
        request_id: str,
        since: StreamOffset,
        question_id: UUID | None,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._ending = ending
        self._user_id = user_id
        self._request_id = request_id
        self._position = since
        self._question_id = question_id

    async def live(self, run: Run) -> AsyncGenerator[bytes, None]:
        """From a run of this process."""
        index, ended = 0, False
        if start := self._start(run.pending.conversation_id, run.pending.message_id):
            yield start
        with run.followed() as more, closing(_Quiet(more)) as quiet:
            if self._ending.is_set():
                run.interrupt()
            while not ended:
                more.clear()
                ended = run.task.done()
                for index, piece in run.pieces(self._position, index):  # noqa: B007, B020 - it goes on from there
                    yield self._piece(piece)
                    quiet.interrupted()
                if quiet.ended():
                    yield KEEP_ALIVE
                if not ended:
                    await more.wait()
        yield self._outcome(run.task)

    async def stored(self, message: MessageRow) -> AsyncGenerator[bytes, None]:
        """From a message's row, as another process writes it."""
        found: MessageRow | None = message
        if start := self._start(message.conversation_id, message.id):
            yield start
        with self._notifier.subscribe(message.id) as more, closing(_Quiet(more)) as quiet:
            while found:
                more.clear()
                for piece in rest(found.content, found.citations, self._position):
                    yield self._piece(piece)
                    quiet.interrupted()
                if found.status is not MessageStatus.generating:
                    yield self._end(found)
                    return
                if self._ending.is_set():
                    break
                if quiet.ended():
                    yield KEEP_ALIVE
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await more.wait()
                # One that is away will come back.
                with suppress(OperationalError, InterfaceError):
                    found = await self._database.run_idempotent(messages.get, user_id=self._user_id, id=message.id)
        yield self._error(problems.CoachUnavailable() if found else problems.NotFound())

    def _start(self, conversation_id: UUID, message_id: UUID) -> bytes:
        """Nothing for who comes back, or when the question is no longer there."""
        if self._position != StreamOffset() or self._question_id is None:
            return b""
        started = MessageStart(conversation_id, self._question_id, message_id)
        return encode(Event.message_start, self._position.id, started)

    def _piece(self, piece: Delta | Cited) -> bytes:
        self._position = self._position.after(piece)
        if isinstance(piece, Cited):
            return encode(Event.citation, self._position.id, piece.citation)
        return encode(Event.content_delta, self._position.id, ContentDelta(piece.text))

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
        return encode(Event.message_complete, self._position.last_id, MessageComplete(Message.of(message)))

    def _error(self, problem: Problem) -> bytes:
        details = problem_details.details(problem, self._request_id)
        return encode(Event.error, self._position.last_id, StreamError(details))


class _Quiet:
    """Wakes a reader that was sent nothing for a while. It takes a timer only now and then, not at every event."""

    def __init__(self, wake: asyncio.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._wake = wake
        self._begin()

    def interrupted(self) -> None:
        self._since = self._loop.time()

    def ended(self) -> bool:
        """Whether it has lasted long enough to say that we are still there."""
        now = self._loop.time()
        if now < self._timer.when():
            return False
        over = now - self._since >= KEEP_ALIVE_SECONDS
        self._begin(now if over else self._since)
        return over

    def close(self) -> None:
        self._timer.cancel()

    def _begin(self, since: float | None = None) -> None:
        self._since = self._loop.time() if since is None else since
        self._timer = self._loop.call_at(self._since + KEEP_ALIVE_SECONDS, self._wake.set)
