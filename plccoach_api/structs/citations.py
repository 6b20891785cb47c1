"""Citations and passages, as clients read them."""

from collections.abc import Collection
from typing import Self
from uuid import UUID

import msgspec
from msgspec import structs

from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.queries.passages import StoredPassage
from plccoach_api.rules import citations


class Citation(citations.Citation, frozen=True, kw_only=True):
    """A numbered quote from a passage. The text of the answer refers to it as `[index]`.

    `pages` are the pages on which the quote stands. `superseded` is true when the book no longer has the passage; the
    passage stays readable at `passage_url`.
    """

    passage_url: str
    superseded: bool

    @classmethod
    def of(cls, citation: citations.Citation, public_url: str, superseded_ids: Collection[UUID]) -> Self:
        fields = {name: getattr(citation, name) for name in citations.Citation.__struct_fields__}
        return cls(
            **fields,
            passage_url=f"{public_url}/passages/{citation.chunk_id}",
            superseded=citation.chunk_id in superseded_ids,
        )


def citations_of(row: MessageRow, public_url: str) -> tuple[Citation, ...]:
    return tuple(Citation.of(each, public_url, row.superseded) for each in row.citations)


class CitedPassage(Citation, frozen=True, kw_only=True):
    """A citation with the passage around its quote. `passage[start:end]` is the quote, counted in characters."""

    passage: str
    start: int
    end: int

    @classmethod
    def within(cls, citation: Citation, passage: StoredPassage) -> Self | None:
        """Returns None when the passage does not contain the quote."""
        start = passage.content.find(citation.quote)
        if start < 0:
            return None
        cited = structs.replace(citation, superseded=passage.superseded)
        return cls(**structs.asdict(cited), passage=passage.content, start=start, end=start + len(citation.quote))


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage of a book. `superseded` is true when the book no longer has it, but an answer cites it."""

    chunk_id: UUID
    book_id: UUID
    book_title: str
    authors: tuple[str, ...]
    year: int | None
    edition: str | None
    chapter: int | None
    chapter_title: str
    pages: tuple[int, int] | None
    content: str
    product_url: str | None
    superseded: bool

    @classmethod
    def of(cls, row: StoredPassage) -> Self:
        pages = None
        if row.first_page is not None and row.last_page is not None:
            pages = (row.first_page, row.last_page)
        shared = {name: getattr(row, name) for name in cls.__struct_fields__ if name != "pages"}
        return cls(**shared, pages=pages)
