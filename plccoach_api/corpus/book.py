"""A book as it was read: its title page, and its text in order."""

from dataclasses import dataclass


class UnreadableBook(Exception):
    """A file that is no book we can read; the message says why, for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a list with the sentence that introduces it. `page` is where it begins, if the file has pages."""

    text: str
    chapter: int | None
    chapter_title: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    authors: tuple[str, ...]
    year: int | None
    paragraphs: tuple[Paragraph, ...]
