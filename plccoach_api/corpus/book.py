"""A book as it was read: its title page, and its text in order."""

from dataclasses import dataclass


class UnreadableBook(Exception):
    """The file cannot be read as a book. The message says why, and is shown to the operator."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a heading (its text begins with `#`) or a list. The pages are None when the file has none."""

    text: str
    first_page: int | None = None
    last_page: int | None = None

    @property
    def is_heading(self) -> bool:
        return self.text.startswith("#")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A preface has no number. A text without chapters is one chapter, without a number and with an empty title."""

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
