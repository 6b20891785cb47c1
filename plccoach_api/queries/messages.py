"""Messages of one user's conversations."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from types import NoneType
from uuid import UUID

from psycopg.types.json import Jsonb

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import FeedbackReason, FeedbackScore, MessageKind, MessageRole, MessageStatus


class Said(Row, frozen=True):
    role: MessageRole
    content: str


class Message(Row, frozen=True):
    id: UUID
    conversation_id: UUID
    role: MessageRole
    content: str
    status: MessageStatus
    kind: MessageKind | None
    citations: tuple[Citation, ...]
    domains: tuple[Domain, ...]
    feedback_score: FeedbackScore | None
    feedback_reasons: tuple[FeedbackReason, ...] | None
    feedback_comment: str | None
    feedback_at: datetime | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Decimal | None
    response_time_ms: int | None
    created_at: datetime


_create_exchange = Statement("messages/create_exchange", NoneType)
_complete = Statement("messages/complete", Message)
_fail_abandoned = Statement("messages/fail_abandoned", NoneType)
_retry = Statement("messages/retry", NoneType)
_update_feedback = Statement("messages/update_feedback", Message)
_get = Statement("messages/get", Message)
_list_before = Statement("messages/list_before", Said)
_list_for_conversation = Statement("messages/list_for_conversation", Message)


async def create_exchange(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    question_id: UUID,
    question: str,
    answer_id: UUID,
    asked_at: datetime,
    run_id: UUID,
    lease: timedelta,
) -> None:
    """Raises UniqueViolation while another answer of the conversation is being generated."""
    await _create_exchange.execute(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        question_id=question_id,
        question=question,
        answer_id=answer_id,
        asked_at=asked_at,
        run_id=run_id,
        lease=lease,
    )


async def complete(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    id: UUID,
    run_id: UUID,
    content: str,
    kind: MessageKind,
    citations: Sequence[Citation],
    domains: Sequence[Domain],
    input_tokens: int | None,
    output_tokens: int | None,
    cost_usd: Decimal | None,
    response_time_ms: int,
) -> Message | None:
    return await _complete.one_or_none(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        id=id,
        run_id=run_id,
        content=content,
        kind=kind,
        citations=Jsonb(citations),
        domains=list(domains),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost_usd=cost_usd,
        response_time_ms=response_time_ms,
    )


async def fail_abandoned(connection: Connection, *, user_id: UUID, conversation_id: UUID) -> int:
    return await _fail_abandoned.execute(connection, user_id=user_id, conversation_id=conversation_id)


async def retry(
    connection: Connection, *, user_id: UUID, conversation_id: UUID, id: UUID, run_id: UUID, lease: timedelta
) -> int:
    """How many answers that was. Raises UniqueViolation while another of the conversation is being generated."""
    return await _retry.execute(
        connection, user_id=user_id, conversation_id=conversation_id, id=id, run_id=run_id, lease=lease
    )


async def update_feedback(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    id: UUID,
    score: FeedbackScore | None,
    reasons: Sequence[FeedbackReason] | None,
    comment: str | None,
    now: datetime,
) -> Message | None:
    return await _update_feedback.one_or_none(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        id=id,
        score=score,
        reasons=None if reasons is None else list(reasons),
        comment=comment,
        now=now,
    )


async def get(connection: Connection, *, user_id: UUID, id: UUID) -> Message | None:
    return await _get.one_or_none(connection, user_id=user_id, id=id)


async def list_for_conversation(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    after_time: datetime | None,
    after_id: UUID | None,
    limit: int,
) -> list[Message]:
    return await _list_for_conversation.all(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        after_time=after_time,
        after_id=after_id,
        limit=limit,
    )


async def list_before(
    connection: Connection, *, user_id: UUID, conversation_id: UUID, answer_id: UUID, limit: int
) -> list[Said]:
    return await _list_before.all(
        connection, user_id=user_id, conversation_id=conversation_id, answer_id=answer_id, limit=limit
    )
