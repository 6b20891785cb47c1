"""Messages, as clients read them."""

from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType, structs

from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import FeedbackReason, FeedbackScore, MessageKind, MessageRole, MessageStatus
from plccoach_api.rules.stopped_early import StoppedEarly
from plccoach_api.structs.citations import Citation, citations_of
from plccoach_api.structs.text import Question
from plccoach_api.structs.time import Time

BookIds = Annotated[
    tuple[UUID, ...],
    Meta(min_length=1, max_length=20, description="The ids of the books to ask: 1 to 20 of those that are listed."),
]

Suggestions = Annotated[
    tuple[str, ...],
    Meta(max_length=3, description="Up to three questions that may be asked next, and that the books answer."),
]


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question to the coach. With `book_ids`, it answers from these books only."""

    content: Question
    book_ids: BookIds | UnsetType | None = UNSET


class Feedback(msgspec.Struct, frozen=True):
    """The feedback that the reader of an answer gave."""

    score: FeedbackScore
    reasons: tuple[FeedbackReason, ...]
    comment: str | None
    created_at: Time


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A question or an answer. An answer's `content` refers to its citations as `[index]`.

    `stopped_early` says why the model did not write the answer to its end; the last sentence of `content` says it too.
    """

    id: UUID
    conversation_id: UUID
    role: MessageRole
    content: str
    status: MessageStatus
    kind: MessageKind | None
    citations: tuple[Citation, ...]
    domains: tuple[Domain, ...]
    feedback: Feedback | None
    suggestions: Suggestions
    stopped_early: StoppedEarly | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    response_time_ms: int | None
    created_at: Time

    @classmethod
    def of(cls, row: MessageRow, public_url: str) -> Self:
        feedback = None
        if row.feedback_score is not None and row.feedback_at is not None:
            feedback = Feedback(row.feedback_score, row.feedback_reasons or (), row.feedback_comment, row.feedback_at)
        return cls(
            id=row.id,
            conversation_id=row.conversation_id,
            role=row.role,
            content=row.content,
            status=row.status,
            kind=row.kind,
            citations=citations_of(row, public_url),
            domains=row.domains,
            feedback=feedback,
            suggestions=row.suggestions,
            stopped_early=row.stopped_early,
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            cost_usd=None if row.cost_usd is None else float(row.cost_usd),
            response_time_ms=row.response_time_ms,
            created_at=row.created_at,
        )

    @classmethod
    def for_reader(cls, row: MessageRow, public_url: str) -> Self:
        """Builds the message for a reader of a shared link, without the cost and the feedback of its owner."""
        return structs.replace(
            cls.of(row, public_url),
            feedback=None,
            input_tokens=None,
            output_tokens=None,
            cost_usd=None,
            response_time_ms=None,
        )
