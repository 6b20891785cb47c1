"""Questions to the coach, its answers, and the domains and books it answers from."""

from typing import Self
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from plccoach_api.queries import books
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.rules.domains import DESCRIPTIONS, Domain
from plccoach_api.rules.examples import EXAMPLES
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.stopped_early import StoppedEarly
from plccoach_api.structs.citations import Citation, citations_of
from plccoach_api.structs.messages import BookIds, Suggestions
from plccoach_api.structs.text import Question


class CoachQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question to the coach. Without `conversation_id`, it starts a new conversation.

    With `book_ids`, the coach answers from these books only.
    """

    query: Question
    conversation_id: UUID | None = None
    book_ids: BookIds | UnsetType | None = UNSET


class TokenUsage(msgspec.Struct, frozen=True):
    """The tokens that a model read and wrote. Both are 0 without a model, and when its service reports none."""

    input_tokens: int
    output_tokens: int


class CoachAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with its citations. `response` refers to a citation as `[index]`.

    `stopped_early` says why the model did not write the answer to its end; the last sentence of `response` says it too.
    """

    conversation_id: UUID
    message_id: UUID
    kind: MessageKind
    response: str
    citations: tuple[Citation, ...]
    domains: tuple[Domain, ...]
    suggestions: Suggestions
    stopped_early: StoppedEarly | None
    response_time_ms: int
    token_usage: TokenUsage
    cost_usd: float

    @classmethod
    def of(cls, message: MessageRow, public_url: str) -> Self:
        return cls(
            conversation_id=message.conversation_id,
            message_id=message.id,
            kind=message.kind or MessageKind.answer,
            response=message.content,
            citations=citations_of(message, public_url),
            domains=message.domains,
            suggestions=message.suggestions,
            stopped_early=message.stopped_early,
            response_time_ms=message.response_time_ms or 0,
            token_usage=TokenUsage(message.input_tokens or 0, message.output_tokens or 0),
            cost_usd=float(message.cost_usd or 0),
        )


class Example(msgspec.Struct, frozen=True):
    """A question to begin with, and the domain that it belongs to."""

    question: str
    domain: Domain


class ExampleList(msgspec.Struct, frozen=True):
    """Questions to begin with, one for each domain."""

    items: list[Example]

    @classmethod
    def of_all(cls) -> Self:
        return cls([Example(question, domain) for question, domain in EXAMPLES.items()])


class DomainSummary(msgspec.Struct, frozen=True):
    """A domain of a professional learning community's work. `name` is for programs, `label` is for people."""

    name: Domain
    label: str
    description: str


class DomainList(msgspec.Struct, frozen=True):
    """All domains. The list has one page."""

    items: list[DomainSummary]

    @classmethod
    def of_all(cls) -> Self:
        return cls([DomainSummary(name, each.label, each.description) for name, each in DESCRIPTIONS.items()])


class Chapter(msgspec.Struct, frozen=True):
    """A chapter of a book. `number` is null for a part without a number, such as an afterword."""

    number: int | None
    title: str


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A book that answers may cite."""

    id: UUID
    title: str
    authors: tuple[str, ...]
    year: int | None
    edition: str | None
    product_url: str | None
    chapters: list[Chapter]

    @classmethod
    def of(cls, book: books.Book) -> Self:
        return cls(
            id=book.id,
            title=book.title,
            authors=book.authors,
            year=book.year,
            edition=book.edition,
            product_url=book.product_url,
            chapters=[Chapter(chapter.number, chapter.title) for chapter in book.chapters],
        )


class BookList(msgspec.Struct, frozen=True):
    """All books. The list has one page."""

    items: list[Book]
