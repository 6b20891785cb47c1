"""A book as it was read: its title page, its text in order, and what of its file is not in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class UnreadableBook(Exception):
    """The file cannot be read as a book. The message says why, and is shown to the operator."""


_HEADING = re.compile(r"#{1,6} ")


class PageStart(NamedTuple):
    """The text from `offset` on, in characters, stands on this printed page."""

    offset: int
    page: int


PageStarts = tuple[PageStart, ...]
"""By offset, ascending. Text before the first offset, or without any, stands on no known page."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a heading (its text begins with `# ` to `###### `) or a list."""

    text: str
    page_starts: PageStarts = ()

    @classmethod
    def on(cls, text: str, page: int | None) -> "Paragraph":
        """Returns a paragraph that stands on one page; None is no known page."""
        return cls(text, () if page is None else (PageStart(0, page),))

    @property
    def is_heading(self) -> bool:
        return _HEADING.match(self.text) is not None

    @property
    def first_page(self) -> int | None:
        return self.page_starts[0].page if self.page_starts else None

    @property
    def last_page(self) -> int | None:
        return self.page_starts[-1].page if self.page_starts else None

    def part(self, start: int, end: int | None = None) -> "Paragraph":
        """Returns a part of the text, on its pages."""
        return Paragraph(self.text[start:end], cut_pages(self.page_starts, start, end))

    def prefixed(self, prefix: str) -> "Paragraph":
        """Returns the text behind a prefix, which stands on the page of the first word."""
        starts = (each._replace(offset=each.offset and each.offset + len(prefix)) for each in self.page_starts)
        return Paragraph(prefix + self.text, tuple(starts))

    def stripped(self) -> "Paragraph":
        """Returns the text without white space at both ends."""
        return self.part(len(self.text) - len(self.text.lstrip()), len(self.text.rstrip()))


def cut_pages(starts: PageStarts, start: int, end: int | None = None) -> PageStarts:
    """Returns the pages of a part of a text, with offsets in that part."""
    inside = [PageStart(each.offset - start, each.page) for each in starts if end is None or each.offset < end]
    before = [each for each in inside if each.offset <= 0]
    first = (PageStart(0, before[-1].page),) if before else ()
    return (*first, *(each for each in inside if each.offset > 0))


def join_paragraphs(paragraphs: Sequence[Paragraph], separator: str) -> Paragraph:
    """Joins texts, and keeps the place of every page."""
    starts: list[PageStart] = []
    offset = 0
    for paragraph in paragraphs:
        starts += [PageStart(offset + each.offset, each.page) for each in paragraph.page_starts]
        offset += len(paragraph.text) + len(separator)
    merged = tuple(
        each for last, each in zip([None, *starts], starts, strict=False) if not last or last.page != each.page
    )
    return Paragraph(separator.join(each.text for each in paragraphs), merged)


def pages_of(starts: PageStarts, start: int, end: int) -> tuple[int, int] | None:
    """Returns the first and the last page of a part of a text; None when its pages are not known."""
    pages = [each.page for each in cut_pages(starts, start, end)]
    return (min(pages), max(pages)) if pages else None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A preface has no number. A text without chapters is one chapter, without a number and with an empty title."""

    number: int | None
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of the file that is not in the book.

    `characters` counts without white space; it is an estimate for a part that could not be read. A part that
    `is_lost` belongs to the book. Any other part does not: a list of contents, a running head, a licence.
    """

    reason: str
    characters: int
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    authors: tuple[str, ...]
    year: int | None
    chapters: tuple[Chapter, ...]
    product_url: str | None = None
    edition: str | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def share(self) -> float:
        """The share of the file's text that is in the book, from 0 to 1. Only lost parts lower it."""
        kept = sum(count_characters(each.text) for chapter in self.chapters for each in chapter.paragraphs)
        lost = sum(each.characters for each in self.left_out if each.is_lost)
        return kept / (kept + lost) if kept + lost else 0.0


def count_characters(text: str) -> int:
    """Counts without white space, which readers change."""
    return len(text) - sum(map(str.isspace, text))
