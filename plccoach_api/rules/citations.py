"""A citation, as an answer is stored with it: a numbered reference to a passage, with a quote from it."""

from uuid import UUID

import msgspec


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """The text of the answer refers to it as `[index]`. The quote is a verbatim part of the passage, and on `pages`."""

    index: int
    chunk_id: UUID
    book_title: str
    authors: tuple[str, ...]
    chapter: int | None
    chapter_title: str
    pages: tuple[int, int] | None
    quote: str
    product_url: str | None
