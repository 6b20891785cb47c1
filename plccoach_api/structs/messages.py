"""Messages, as clients read them."""

from typing import Self
from uuid import UUID

import msgspec
from msgspec import structs

from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import FeedbackReason, FeedbackScore, MessageKind, MessageRole, MessageStatus
from plccoach_api.structs.text import Question
from plccoach_api.structs.time import Time


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question to the coach."""

    content: Question


class Feedback(msgspec.Struct, frozen=True):
    """The feedback that the reader of an answer gave."""

    score: FeedbackScore
    reasons: tuple[FeedbackReason, ...]
    comment: str | None
    created_at: Time


class CitedPassage(Citation, frozen=True, kw_only=True):
    """A citation with the passage around its quote. `passage[start:end]` is the quote, counted in characters."""

    passage: str
    start: int
    end: int

    @classmethod
    def of(cls, citation: Citation, passage: str) -> Self | None:
        """Returns None when the passage no longer contains the quote, because the book was loaded again."""
        start = passage.find(citation.quote)
        if start < 0:
            return None
        return cls(**structs.asdict(citation), passage=passage, start=start, end=start + len(citation.quote))


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A question or an answer. An answer's `content` refers to its citations as `[index]`."""

    id: UUID
    conversation_id: UUID
    role: MessageRole
    content: str
    status: MessageStatus
    kind: MessageKind | None
    citations: tuple[Citation, ...]
    domains: tuple[Domain, ...]
    feedback: Feedback | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    response_time_ms: int | None
    created_at: Time

    @classmethod
    def of(cls, row: MessageRow) -> Self:
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
            citations=row.citations,
            domains=row.domains,
            feedback=feedback,
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            cost_usd=None if row.cost_usd is None else float(row.cost_usd),
            response_time_ms=row.response_time_ms,
            created_at=row.created_at,
        )

    @classmethod
    def for_reader(cls, row: MessageRow) -> Self:
        """Builds the message for a reader of a shared link, without the cost and the feedback of its owner."""
        return structs.replace(
            cls.of(row), feedback=None, input_tokens=None, output_tokens=None, cost_usd=None, response_time_ms=None
        )
