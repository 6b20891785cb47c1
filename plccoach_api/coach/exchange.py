"""A question and its answer in the database: stored together before the coach is asked, finished after.

Three short transactions at most, and no connection held between them. An answer's row is there from
the start, so a reader can always tell what became of it: generating, complete or failed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, perf_counter
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from psycopg import InterfaceError, OperationalError
from psycopg.errors import UniqueViolation

from plccoach_api import ids, logs, problems
from plccoach_api.coach.answer import Turn, whole
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.respond import respond
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import conversations, idempotency_keys, messages
from plccoach_api.queries.messages import Message
from plccoach_api.rules.idempotency import KEY_LIFETIME, Key
from plccoach_api.rules.messages import CONTEXT_MESSAGES, GIVEN_UP_AFTER, MessageStatus, title_of

P = ParamSpec("P")
T = TypeVar("T")

_log = logs.get_logger(__name__)

# An answer is worth waiting for a database that is restarting.
_STORE_WITHIN_SECONDS = 5.0
_STORE_AGAIN_AFTER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """Without `conversation_id` a conversation is begun; with a `key` it is asked once, however often it comes."""

    user_id: UUID
    text: str
    conversation_id: UUID | None = None
    key: Key | None = None


class AskedBefore(Exception):
    """The key of a question was used before."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was stored, and the row that waits for its answer."""

    user_id: UUID
    conversation_id: UUID
    message_id: UUID
    question: str
    begun: bool = False
    """Whether the conversation began with it, and so has nothing that was said before."""


async def begin(database: Database, question: Question) -> Exchange:
    """Stores a question with the row of its answer.

    Raises AskedBefore when its key was used, NotFound for a conversation that is not this user's, and
    AnswerInProgress while that has another answer in the making. One that was abandoned is given up first.
    """
    try:
        return await _store(database, question)
    except UniqueViolation:
        await _give_up_abandoned(database, question)
    try:
        return await _store(database, question)
    except UniqueViolation:
        raise problems.AnswerInProgress from None


async def begin_again(database: Database, exchange: Exchange) -> bool:
    """Whether a failed or abandoned answer is now being generated anew, by us."""
    try:
        return bool(
            await database.run(
                messages.retry,
                user_id=exchange.user_id,
                conversation_id=exchange.conversation_id,
                id=exchange.message_id,
                given_up_after=GIVEN_UP_AFTER,
            )
        )
    except UniqueViolation:
        raise problems.AnswerInProgress from None


async def finish(database: Database, engine: Engine, exchange: Exchange) -> Message:
    """Asks the coach and stores what it says, or that it failed."""
    started = perf_counter()
    try:
        before = await _said_before(database, exchange)
        said = await whole(respond(database, engine, exchange.question, before))
    except (Exception, asyncio.CancelledError) as error:
        await _fail(database, exchange, started)
        if isinstance(error, (OperationalError, InterfaceError)):
            raise problems.CoachUnavailable from error
        raise
    stored = await _persistently(
        database,
        messages.complete,
        user_id=exchange.user_id,
        conversation_id=exchange.conversation_id,
        id=exchange.message_id,
        content=said.content,
        kind=said.kind,
        citations=said.citations,
        domains=said.domains,
        input_tokens=said.input_tokens,
        output_tokens=said.output_tokens,
        cost_usd=said.cost_usd,
        response_time_ms=_milliseconds(started),
    )
    return stored or await _what_became_of(database, exchange)


async def _said_before(database: Database, exchange: Exchange) -> list[Turn]:
    if exchange.begun:
        return []
    rows = await database.run(
        messages.list_before,
        user_id=exchange.user_id,
        conversation_id=exchange.conversation_id,
        answer_id=exchange.message_id,
        limit=CONTEXT_MESSAGES,
    )
    return [Turn(row.role, row.content) for row in rows]


async def _store(database: Database, question: Question) -> Exchange:
    message_id = ids.new()
    async with database.transaction() as connection:
        if question.key:
            await _claim(connection, question.user_id, question.key, message_id)
        conversation_id, asked_at = await _conversation(connection, question)
        await messages.create_exchange(
            connection,
            user_id=question.user_id,
            conversation_id=conversation_id,
            question_id=ids.new(),
            question=question.text,
            answer_id=message_id,
            asked_at=asked_at,
        )
    begun = question.conversation_id is None
    return Exchange(question.user_id, conversation_id, message_id, question.text, begun)


async def _claim(connection: Connection, user_id: UUID, key: Key, message_id: UUID) -> None:
    claimed = await idempotency_keys.create(
        connection,
        user_id=user_id,
        key=key.text,
        request_hash=key.request_hash,
        message_id=message_id,
        lifetime=KEY_LIFETIME,
    )
    if claimed is None:
        raise AskedBefore(key)


async def _conversation(connection: Connection, question: Question) -> tuple[UUID, datetime]:
    now, title = datetime.now(UTC), title_of(question.text)
    if question.conversation_id is None:
        begun = ids.new()
        await conversations.create(connection, user_id=question.user_id, id=begun, title=title, now=now)
        return begun, now
    asked_at = await conversations.resume(
        connection, user_id=question.user_id, id=question.conversation_id, title=title, now=now
    )
    if asked_at is None:
        raise problems.NotFound
    return question.conversation_id, asked_at


async def _give_up_abandoned(database: Database, question: Question) -> None:
    if question.conversation_id:
        await database.run(
            messages.fail_abandoned,
            user_id=question.user_id,
            conversation_id=question.conversation_id,
            given_up_after=GIVEN_UP_AFTER,
        )


async def _fail(database: Database, exchange: Exchange, started: float) -> None:
    try:
        await database.run(
            messages.fail,
            user_id=exchange.user_id,
            conversation_id=exchange.conversation_id,
            id=exchange.message_id,
            response_time_ms=_milliseconds(started),
        )
    except (OperationalError, InterfaceError) as error:
        # It counts as abandoned in a minute.
        _log.warning("a failed answer could not be marked", error=type(error).__name__)


async def _what_became_of(database: Database, exchange: Exchange) -> Message:
    """Of an answer whose row no longer waited for it."""
    message = await database.run(messages.get, user_id=exchange.user_id, id=exchange.message_id)
    if message is None:
        raise problems.NotFound
    if message.status in {MessageStatus.complete, MessageStatus.stopped}:
        return message
    raise problems.CoachUnavailable


async def _persistently(
    database: Database, query: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    until = monotonic() + _STORE_WITHIN_SECONDS
    while True:
        try:
            return await database.run(query, *args, **kwargs)
        except (OperationalError, InterfaceError):
            if monotonic() > until:
                raise
        await asyncio.sleep(_STORE_AGAIN_AFTER_SECONDS)


def _milliseconds(started: float) -> int:
    return round((perf_counter() - started) * 1000)
