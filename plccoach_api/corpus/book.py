"""A book as it was read: its title page, and its text in order."""

from dataclasses import dataclass


class UnreadableBook(Exception):
    """A file that is no book we can read; the message says why, for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a heading (it begins with `#`) or a list, and the pages it stands on, if the file has any."""

    text: str
    first_page: int | None = None
    last_page: int | None = None

    @property
    def is_heading(self) -> bool:
        return self.text.startswith("#")


@dataclass(frozen=True, slots=True)
class Chapter:
    """What has no number or no title of its own, such as a preface or a text without chapters, goes without."""

    number: int | None
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    authors: tuple[str, ...]
    year: int | None
    chapters: tuple[Chapter, ...]
    product_url: str | None = None
