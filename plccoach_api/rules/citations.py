"""Citations: a reference to a passage, with words that stand in it."""

from uuid import UUID

import msgspec


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer's text refers to it as `[index]`; `content[start:end] == quote` in the passage it cites."""

    index: int
    chunk_id: UUID
    book_title: str
    authors: tuple[str, ...]
    chapter: int | None
    chapter_title: str
    pages: tuple[int, int] | None
    quote: str
    product_url: str | None
