"""The messages of one user's conversations; queries/answers.py has the statements that generate an answer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one_or_none, rows
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import FeedbackReason, FeedbackScore, MessageKind, MessageRole, MessageStatus
from plccoach_api.rules.stopped_early import StoppedEarly


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
    suggestions: tuple[str, ...]
    stopped_early: StoppedEarly | None
    feedback_score: FeedbackScore | None
    feedback_reasons: tuple[FeedbackReason, ...] | None
    feedback_comment: str | None
    feedback_at: datetime | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Decimal | None
    response_time_ms: int | None
    created_at: datetime
    superseded: tuple[UUID, ...]
    """The cited passages that have left their books."""


@one_or_none
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
) -> Message | None: ...


@one_or_none
async def get(connection: Connection, *, user_id: UUID, id: UUID) -> Message | None: ...


@rows
async def list_for_conversation(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    after_time: datetime | None,
    after_id: UUID | None,
    limit: int,
) -> list[Message]: ...


@rows
async def list_before(
    connection: Connection, *, user_id: UUID, conversation_id: UUID, answer_id: UUID, limit: int
) -> list[PastMessage]: ...
