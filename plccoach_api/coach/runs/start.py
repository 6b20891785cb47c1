"""Starts answers: stores a question with its pending answer, or restarts the answer of an earlier request."""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from uuid import UUID

from psycopg.errors import UniqueViolation

from plccoach_api import ids, problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import answers, conversations, idempotency_keys, messages, rate_limits, spending
from plccoach_api.rules.idempotency import KEY_LIFETIME, Key
from plccoach_api.rules.messages import LEASE, MessageStatus, title_of

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Question:
    """A question without `conversation_id` begins a conversation. With a `key`, repeating it has no effect."""

    user_id: UUID
    text: str
    conversation_id: UUID | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits on questions: a number for each user, and a cost for each organization (None is unlimited)."""

    questions_an_hour: int
    dollars_a_month: Decimal | None


@dataclass(frozen=True, slots=True)
class PendingAnswer:
    """An answer that this process has to generate. Its row is stored, with the status generating."""

    user_id: UUID
    conversation_id: UUID
    message_id: UUID
    question: str
    is_first: bool = False
    """The question began its conversation, so that there are no earlier messages."""
    run_id: UUID = field(default_factory=ids.new)
    """Names one attempt to generate the answer. A restart is another run."""


@dataclass(frozen=True, slots=True)
class ExistingAnswer:
    """An answer that an earlier request with the same key has started. It has ended, or a run generates it."""

    message_id: UUID


async def start(
    database: Database, question: Question, quota: Quota, *, running: Container[UUID]
) -> PendingAnswer | ExistingAnswer:
    """Stores a question with its pending answer, unless its key was used before. `running` are our runs' messages.

    Raises IdempotencyKeyReused when the key belongs to another request, TooManyRequests or CostCeilingReached when
    the quota is used up, NotFound for a conversation that the user does not have, and AnswerInProgress while another
    answer of the conversation is being generated. An abandoned one is ended first.
    """
    try:
        started = await _store(database, question, quota)
    except UniqueViolation:
        started = await _store_after_abandoned(database, question, quota)
    if isinstance(started, PendingAnswer) or started.message_id in running:
        return started
    return await _restart_unfinished(database, question, started)


async def restart(database: Database, pending: PendingAnswer) -> bool:
    """Restarts a failed or abandoned answer. Returns False for an answer that has ended or that another run generates.

    Raises AnswerInProgress while another answer of the conversation is being generated.
    """
    try:
        return bool(
            await database.run_idempotent(
                answers.restart,
                user_id=pending.user_id,
                conversation_id=pending.conversation_id,
                id=pending.message_id,
                run_id=pending.run_id,
                lease=LEASE,
            )
        )
    except UniqueViolation:
        raise problems.AnswerInProgress from None


async def _store(database: Database, question: Question, quota: Quota) -> PendingAnswer | ExistingAnswer:
    message_id, run_id = ids.new(), ids.new()
    async with database.transaction() as connection:
        if question.key and (existing := await _claim(connection, question.user_id, question.key, message_id)):
            return existing
        conversation_id, asked_at = await _conversation(connection, question)
        await answers.create(
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
        # Last, because this row is locked until the commit, and every question of the user needs it.
        await _count(connection, question.user_id, quota)
    is_first = question.conversation_id is None
    return PendingAnswer(question.user_id, conversation_id, message_id, question.text, is_first, run_id)


async def _store_after_abandoned(
    database: Database, question: Question, quota: Quota
) -> PendingAnswer | ExistingAnswer:
    """Tries again after another answer of the conversation was found, which may be abandoned."""
    if question.conversation_id:
        await database.run_idempotent(
            answers.fail_abandoned_in_conversation,
            user_id=question.user_id,
            conversation_id=question.conversation_id,
        )
    try:
        return await _store(database, question, quota)
    except UniqueViolation:
        raise problems.AnswerInProgress from None


async def _claim(connection: Connection, user_id: UUID, key: Key, message_id: UUID) -> ExistingAnswer | None:
    """Claims a key for a new answer. Returns the answer of an earlier request that has claimed it."""
    claimed = await idempotency_keys.create(
        connection,
        user_id=user_id,
        key=key.text,
        request_hash=key.request_hash,
        message_id=message_id,
        lifetime=KEY_LIFETIME,
    )
    if claimed:
        return None
    use = await idempotency_keys.get(connection, user_id=user_id, key=key.text)
    if use is None:
        # The key was deleted between the two statements. The client's next attempt can claim it.
        raise problems.AnswerInProgress
    if use.request_hash != key.request_hash:
        raise problems.IdempotencyKeyReused
    return ExistingAnswer(use.message_id)


async def _restart_unfinished(
    database: Database, question: Question, existing: ExistingAnswer
) -> PendingAnswer | ExistingAnswer:
    """Restarts a failed or abandoned answer in its place, because a 503 asks the client to repeat its request."""
    message = await database.run_idempotent(messages.get, user_id=question.user_id, id=existing.message_id)
    if message is None:
        raise problems.NotFound
    if message.status in {MessageStatus.complete, MessageStatus.stopped}:
        return existing
    pending = PendingAnswer(question.user_id, message.conversation_id, message.id, question.text)
    return pending if await restart(database, pending) else existing


async def _count(connection: Connection, user_id: UUID, quota: Quota) -> None:
    """Counts in the transaction of the question, so that a refused or repeated question does not count."""
    window = await rate_limits.count(connection, name="coach", key=str(user_id), duration=_HOUR)
    if window.requests > quota.questions_an_hour:
        raise problems.TooManyRequests(retry_after=_seconds(window.remaining))
    if quota.dollars_a_month is None:
        return
    month = await spending.get_for_user(connection, user_id=user_id)
    if month and month.cost_usd >= quota.dollars_a_month:
        raise problems.CostCeilingReached(retry_after=_seconds(month.remaining))


def _seconds(remaining: timedelta) -> int:
    return max(1, ceil(remaining.total_seconds()))


async def _conversation(connection: Connection, question: Question) -> tuple[UUID, datetime]:
    now, title = datetime.now(UTC), title_of(question.text)
    if question.conversation_id is None:
        conversation_id = ids.new()
        await conversations.create(
            connection, user_id=question.user_id, id=conversation_id, title=title, asked_at=now, now=now
        )
        return conversation_id, now
    asked_at = await conversations.resume(
        connection, user_id=question.user_id, id=question.conversation_id, title=title, now=now
    )
    if asked_at is None:
        raise problems.NotFound
    return question.conversation_id, asked_at
