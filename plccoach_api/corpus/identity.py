"""The identity of a book, and a book whose texts the database can store."""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import msgspec

from plccoach_api.corpus.book import Book, Chapter, LeftOut, Paragraph, count_characters

MOST_TITLE_CHARACTERS = 300
_MOST_YEAR = 9999
_MOST_NUMBER = 2**31 - 1
_UNTITLED = "Untitled book"

# PostgreSQL stores no NUL, and UTF-8 has no lone surrogates.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def identity_of(book: Book) -> bytes:
    """Returns the same for two files of one book: their title, authors and edition are the same.

    Without an edition, the year distinguishes two books.
    """
    return identity(book.title, book.authors, book.edition, book.year)


def identity(title: str, authors: Sequence[str], edition: str | None, year: int | None) -> bytes:
    return sha256(msgspec.json.encode((title, authors, edition or str(year or "")))).digest()


def storable(book: Book) -> Book:
    """Returns the book without characters that the database refuses, and with a title of at most 300 characters."""
    title = _one_line(book.title) or _UNTITLED
    left_out = book.left_out
    if len(title) > MOST_TITLE_CHARACTERS:
        rest = title[MOST_TITLE_CHARACTERS:]
        title = title[:MOST_TITLE_CHARACTERS].rstrip()
        reason = f"the end of the title, which has more than {MOST_TITLE_CHARACTERS} characters"
        left_out = (*left_out, LeftOut(reason, count_characters(rest), is_lost=False))
    return replace(
        book,
        title=title,
        authors=tuple(name for each in book.authors if (name := _one_line(each))),
        year=book.year if book.year and 0 < book.year <= _MOST_YEAR else None,
        chapters=tuple(_chapter(each) for each in book.chapters),
        product_url=_one_line(book.product_url or "") or None,
        edition=_one_line(book.edition or "") or None,
        left_out=left_out,
    )


def _chapter(chapter: Chapter) -> Chapter:
    paragraphs = tuple(Paragraph(_replaced(each.text), each.page_starts) for each in chapter.paragraphs)
    number = chapter.number if chapter.number is None or abs(chapter.number) <= _MOST_NUMBER else None
    return Chapter(number, _one_line(chapter.title), paragraphs)


def _one_line(text: str) -> str:
    return _replaced(text).strip()


def _replaced(text: str) -> str:
    # Each character is replaced by one other, so that the offsets of pages stay right.
    return _UNSTORABLE.sub(" ", text)
