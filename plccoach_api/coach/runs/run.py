"""An answer in the making: read from here by whoever follows it, and stored at its end.

No connection is held while it is made; what was written so far is kept by coach/runs/checkpoint.py.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from decimal import Decimal
from functools import partial
from time import monotonic, perf_counter
from typing import ParamSpec, TypeVar

from psycopg import InterfaceError, OperationalError

from plccoach_api import logs, problems
from plccoach_api.coach.answer import Answer, Cited, Delta, PartialAnswer, Turn
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.pipeline import respond
from plccoach_api.coach.runs.sse import StreamOffset
from plccoach_api.coach.runs.start import PendingAnswer
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import answers, messages, spending
from plccoach_api.queries.answers import Checkpoint
from plccoach_api.queries.messages import Message
from plccoach_api.rules.messages import CONTEXT_MESSAGES, MessageStatus

P = ParamSpec("P")
T = TypeVar("T")

_log = logs.get_logger(__name__)

# An answer is worth waiting for a database that is restarting.
_STORE_WITHIN_SECONDS = 5.0
_STORE_AGAIN_AFTER_SECONDS = 0.5
# How often an answer's row is looked at when nothing was written.
_LOOK_SECONDS = 1.0


class Run:
    """One answer, from its first word to its end. `task` ends with the message as it is stored, or raises."""

    def __init__(self, database: Database, engine: Engine, pending: PendingAnswer) -> None:
        self.pending = pending
        self.waiting = 0
        """How many wait for the whole answer."""
        self._database = database
        self._engine = engine
        self._partial = PartialAnswer()
        self._pieces: list[Delta | Cited] = []
        self._followers: set[asyncio.Event] = set()
        self._ending = MessageStatus.stopped
        self._kept = (0, monotonic())
        self._started = perf_counter()
        self._writing: asyncio.Task[Answer] = asyncio.create_task(self._write(), name="answer's words")
        self.task: asyncio.Task[Message] = asyncio.create_task(self._run(), name="answer")
        self.task.add_done_callback(lambda _: self._tell())

    def pieces(self, since: StreamOffset, index: int) -> Iterator[tuple[int, Delta | Cited]]:
        """Those from `index` on that a reader who is at `since` has not, each with the index to go on from.

        A reader that was at another replica had the answer in other pieces.
        """
        end = StreamOffset() if index == 0 else None
        for number, piece in enumerate(self._pieces[index:], start=index + 1):
            if end is None:
                yield number, piece
                continue
            end = end.after(piece)
            if isinstance(piece, Cited):
                if end.citations > since.citations:
                    yield number, piece
            elif end.characters > since.characters:
                yield number, Delta(piece.text[-(end.characters - since.characters) :])

    @contextmanager
    def followed(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever there is more to read."""
        more = asyncio.Event()
        self._followers.add(more)
        try:
            yield more
        finally:
            self._followers.discard(more)

    @property
    def is_followed(self) -> bool:
        return bool(self._followers)

    def take_checkpoint(self) -> Checkpoint | None:
        """What was written so far, if that is more than was kept, or was kept a while ago."""
        pieces, at = self._kept
        if self._writing.done() or (pieces == len(self._pieces) and monotonic() - at < _LOOK_SECONDS):
            return None
        self._kept = (len(self._pieces), monotonic())
        pending, partial = self.pending, self._partial
        return Checkpoint(pending.user_id, pending.message_id, pending.run_id, partial.content, partial.citations)

    def stop(self) -> None:
        """Ends it; what was written stays."""
        self._writing.cancel()

    def interrupt(self) -> None:
        """Ends it as failed; what was written stays."""
        self._ending = MessageStatus.failed
        self._writing.cancel()

    async def _run(self) -> Message:
        try:
            said = await self._result()
        except (Exception, asyncio.CancelledError) as error:
            self._writing.cancel()
            await asyncio.wait({self._writing})
            await self._fail()
            if isinstance(error, (OperationalError, InterfaceError)):
                raise problems.CoachUnavailable from error
            raise
        if said:
            return await self._complete(said)
        if self._ending is MessageStatus.failed:
            await self._fail()
            raise problems.CoachUnavailable
        stored = await _with_retries(self._break_off, MessageStatus.stopped)
        return stored or await self._reload()

    async def _result(self) -> Answer | None:
        """What was said; None when it was ended before."""
        await asyncio.wait({self._writing})
        return None if self._writing.cancelled() else self._writing.result()

    async def _write(self) -> Answer:
        before = await self._said_before()
        async with aclosing(respond(self._database, self._engine, self.pending.question, before)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Answer):
                    return piece
                self._partial.add(piece)
                self._pieces.append(piece)
                self._tell()
        raise LookupError("an answerer ended without an answer")

    def _tell(self) -> None:
        for more in self._followers:
            more.set()

    async def _said_before(self) -> list[Turn]:
        if self.pending.begun:
            return []
        rows = await self._database.run_idempotent(
            messages.list_before,
            user_id=self.pending.user_id,
            conversation_id=self.pending.conversation_id,
            answer_id=self.pending.message_id,
            limit=CONTEXT_MESSAGES,
        )
        return [Turn(row.role, row.content) for row in rows]

    async def _complete(self, said: Answer) -> Message:
        complete = partial(
            messages.complete,
            user_id=self.pending.user_id,
            conversation_id=self.pending.conversation_id,
            id=self.pending.message_id,
            run_id=self.pending.run_id,
            content=said.content,
            kind=said.kind,
            citations=said.citations,
            domains=said.domains,
            input_tokens=said.input_tokens,
            output_tokens=said.output_tokens,
            cost_usd=said.cost_usd,
            response_time_ms=self._milliseconds(),
        )
        store = partial(self._charged, complete, said.cost_usd) if said.cost_usd else complete
        return await _with_retries(self._database.run_idempotent, store) or await self._reload()

    async def _charged(
        self, complete: Callable[[Connection], Awaitable[Message | None]], cost_usd: Decimal, connection: Connection
    ) -> Message | None:
        async with connection.transaction():
            stored = await complete(connection)
            if stored:
                await spending.create(connection, user_id=self.pending.user_id, cost_usd=cost_usd)
        return stored

    async def _fail(self) -> None:
        try:
            await self._break_off(MessageStatus.failed)
        except (OperationalError, InterfaceError) as error:
            # Its lease will end.
            _log.warning("a failed answer could not be marked", error=type(error).__name__)

    async def _break_off(self, status: MessageStatus) -> Message | None:
        return await self._database.run_idempotent(
            answers.break_off,
            user_id=self.pending.user_id,
            conversation_id=self.pending.conversation_id,
            id=self.pending.message_id,
            run_id=self.pending.run_id,
            status=status,
            content=self._partial.content,
            citations=self._partial.citations,
            response_time_ms=self._milliseconds(),
        )

    async def _reload(self) -> Message:
        """Of an answer whose row no longer waited for it."""
        message = await self._database.run_idempotent(
            messages.get, user_id=self.pending.user_id, id=self.pending.message_id
        )
        if message is None:
            raise problems.NotFound
        if message.status in {MessageStatus.complete, MessageStatus.stopped}:
            return message
        raise problems.CoachUnavailable

    def _milliseconds(self) -> int:
        return round((perf_counter() - self._started) * 1000)


async def _with_retries(store: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    until = monotonic() + _STORE_WITHIN_SECONDS
    while True:
        try:
            return await store(*args, **kwargs)
        except (OperationalError, InterfaceError):
            if monotonic() > until:
                raise
        await asyncio.sleep(_STORE_AGAIN_AFTER_SECONDS)
