"""A question and the row of its answer, stored together before the coach is asked.

An answer's row is there from the start, so a reader can always tell what became of it: generating,
complete, stopped or failed.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from uuid import UUID

from psycopg.errors import UniqueViolation

from plccoach_api import ids, problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import conversations, idempotency_keys, messages, rate_limits, spending
from plccoach_api.rules.idempotency import KEY_LIFETIME, Key
from plccoach_api.rules.messages import LEASE, title_of

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Question:
    """Without `conversation_id` a conversation is begun; with a `key` it is asked once, however often it comes."""

    user_id: UUID
    text: str
    conversation_id: UUID | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """How much may be asked: by a person, and at what cost to their organization; None is without end."""

    questions_an_hour: int
    dollars_a_month: Decimal | None


class AskedBefore(Exception):
    """The key of a question was used before."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True, slots=True)
class PendingAnswer:
    """A question that was stored, and the row that waits for its answer."""

    user_id: UUID
    conversation_id: UUID
    message_id: UUID
    question: str
    begun: bool = False
    """Whether the conversation began with it, and so has nothing that was said before."""
    run_id: UUID = field(default_factory=ids.new)
    """Tells this attempt to answer it from others, before and after."""


async def start(database: Database, question: Question, quota: Quota) -> PendingAnswer:
    """Stores a question with the row of its answer.

    Raises AskedBefore when its key was used, TooManyRequests or CostCeilingReached when it is not
    allowed, NotFound for a conversation that is not this user's, and AnswerInProgress while that has
    another answer in the making. One that was abandoned is given up first.
    """
    try:
        return await _store(database, question, quota)
    except UniqueViolation:
        await _give_up_abandoned(database, question)
    try:
        return await _store(database, question, quota)
    except UniqueViolation:
        raise problems.AnswerInProgress from None


async def restart(database: Database, pending: PendingAnswer) -> bool:
    """Whether a failed or abandoned answer is now being generated anew, by us."""
    try:
        return bool(
            await database.run_idempotent(
                messages.retry,
                user_id=pending.user_id,
                conversation_id=pending.conversation_id,
                id=pending.message_id,
                run_id=pending.run_id,
                lease=LEASE,
            )
        )
    except UniqueViolation:
        raise problems.AnswerInProgress from None


async def _store(database: Database, question: Question, quota: Quota) -> PendingAnswer:
    message_id, run_id = ids.new(), ids.new()
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
            run_id=run_id,
            lease=LEASE,
        )
        # Last, because all questions of a person wait for each other here.
        await _count(connection, question.user_id, quota)
    begun = question.conversation_id is None
    return PendingAnswer(question.user_id, conversation_id, message_id, question.text, begun, run_id)


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


async def _count(connection: Connection, user_id: UUID, quota: Quota) -> None:
    """In the question's own transaction: one that is refused does not count, nor does one that comes again."""
    window = await rate_limits.count(connection, name="coach", key=str(user_id), duration=_HOUR)
    if window.requests > quota.questions_an_hour:
        raise problems.TooManyRequests(retry_after=_seconds(window.remaining))
    if quota.dollars_a_month is None:
        return
    usage = await spending.get_for_user(connection, user_id=user_id)
    if usage and usage.cost_usd >= quota.dollars_a_month:
        raise problems.CostCeilingReached(retry_after=_seconds(usage.remaining))


def _seconds(remaining: timedelta) -> int:
    return max(1, ceil(remaining.total_seconds()))


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
        await database.run_idempotent(
            messages.fail_abandoned,
            user_id=question.user_id,
            conversation_id=question.conversation_id,
        )
