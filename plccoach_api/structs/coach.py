"""Questions to the coach, and what comes back."""

from typing import Self
from uuid import UUID

import msgspec

from plccoach_api.queries import books
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import DESCRIPTIONS, Domain
from plccoach_api.rules.messages import MessageKind
from plccoach_api.structs.text import Question


class CoachQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `conversation_id` a conversation is begun."""

    query: Question
    conversation_id: UUID | None = None


class TokenUsage(msgspec.Struct, frozen=True):
    """What a model read and wrote; nothing where the answer was composed without one."""

    input_tokens: int
    output_tokens: int


class CoachAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with the passages it rests on; `response` refers to them as `[index]`."""

    conversation_id: UUID
    message_id: UUID
    kind: MessageKind
    response: str
    citations: tuple[Citation, ...]
    domains: tuple[Domain, ...]
    response_time_ms: int
    token_usage: TokenUsage
    cost_usd: float

    @classmethod
    def of(cls, message: MessageRow) -> Self:
        return cls(
            conversation_id=message.conversation_id,
            message_id=message.id,
            kind=message.kind or MessageKind.answer,
            response=message.content,
            citations=message.citations,
            domains=message.domains,
            response_time_ms=message.response_time_ms or 0,
            token_usage=TokenUsage(message.input_tokens or 0, message.output_tokens or 0),
            cost_usd=float(message.cost_usd or 0),
        )


class DomainSummary(msgspec.Struct, frozen=True):
    """A domain of a professional learning community's work: its name in the API, and what people call it."""

    name: Domain
    label: str
    description: str


class DomainList(msgspec.Struct, frozen=True):
    """All of them; there is no second page."""

    items: list[DomainSummary]

    @classmethod
    def of_all(cls) -> Self:
        return cls([DomainSummary(name, each.label, each.description) for name, each in DESCRIPTIONS.items()])


class Chapter(msgspec.Struct, frozen=True):
    """A chapter's line in the contents; what has no number, such as an afterword, has none here."""

    number: int | None
    title: str


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A book that answers rest on."""

    id: UUID
    title: str
    authors: tuple[str, ...]
    year: int | None
    product_url: str | None
    chapters: list[Chapter]

    @classmethod
    def of(cls, book: books.Book) -> Self:
        return cls(
            id=book.id,
            title=book.title,
            authors=book.authors,
            year=book.year,
            product_url=book.product_url,
            chapters=[Chapter(chapter.number, chapter.title) for chapter in book.chapters],
        )


class BookList(msgspec.Struct, frozen=True):
    """All of them; there is no second page."""

    items: list[Book]
