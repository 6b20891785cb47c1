"""Messages of one user's conversations."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from types import NoneType
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import (
    FeedbackReason,
    FeedbackScore,
    MessageKind,
    MessageRole,
    MessageStatus,
)


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


_create = Statement("messages/create", NoneType)
_list_for_conversation = Statement("messages/list_for_conversation", Message)


async def create(
    connection: Connection,
    *,
    user_id: UUID,
    id: UUID,
    conversation_id: UUID,
    role: MessageRole,
    content: str,
    status: MessageStatus,
    created_at: datetime,
    kind: MessageKind | None = None,
    citations: Sequence[Citation] = (),
    domains: Sequence[Domain] = (),
    input_tokens: int | None = None,
    output_tokens: int | None = None,
    cost_usd: Decimal | None = None,
    response_time_ms: int | None = None,
) -> None:
    await _create.execute(
        connection,
        user_id=user_id,
        id=id,
        conversation_id=conversation_id,
        role=role,
        content=content,
        status=status,
        kind=kind,
        citations=Jsonb(msgspec.to_builtins(citations)),
        domains=list(domains),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost_usd=cost_usd,
        response_time_ms=response_time_ms,
        created_at=created_at,
    )


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
