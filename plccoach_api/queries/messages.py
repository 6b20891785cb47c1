"""The messages of one user's conversations; queries/answers.py has the statements that generate an answer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import FeedbackReason, FeedbackScore, MessageKind, MessageRole, MessageStatus


class PastMessage(Row, frozen=True):
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


_update_feedback = Statement("messages/update_feedback", Message)
_get = Statement("messages/get", Message)
_list_before = Statement("messages/list_before", PastMessage)
_list_for_conversation = Statement("messages/list_for_conversation", Message)


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
) -> list[PastMessage]:
    return await _list_before.all(
        connection, user_id=user_id, conversation_id=conversation_id, answer_id=answer_id, limit=limit
    )
