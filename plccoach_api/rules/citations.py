"""A citation, as an answer is stored with it: a numbered reference to a passage, with a quote from it."""

import re
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


# "[3]", "[12, 14]" and "[3-5]": the references of a book to its own sources, and notes such as "[^5]".
_REFERENCE = re.compile(r" ?\[\^?\d[\d ,;\u2013-]{0,60}\]")


def strip_references(text: str) -> str:
    """Returns a book's text without its own references, which an answer's reader would take for citations."""
    return _REFERENCE.sub("", text)
