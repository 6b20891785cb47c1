"""Cuts a book into chunks: passages long enough to make sense alone and short enough to be quoted from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from plccoach_api.corpus.book import Book, Paragraph

# About 500 to 1,000 tokens of English.
_WORDS = 500


@dataclass(frozen=True, slots=True)
class Chunk:
    chapter: int | None
    chapter_title: str
    first_page: int | None
    last_page: int | None
    content: str


def split(book: Book) -> Iterator[Chunk]:
    """Never across a chapter, never through a paragraph."""
    for _, chapter in groupby(book.paragraphs, key=lambda paragraph: (paragraph.chapter, paragraph.chapter_title)):
        gathered: list[Paragraph] = []
        for paragraph in _with_lists_joined(chapter):
            if gathered and _words(gathered) + len(paragraph.text.split()) > _WORDS:
                # A heading belongs to what follows it.
                carried = [gathered.pop()] if _is_heading(gathered[-1]) else []
                if gathered:
                    yield _chunk(gathered)
                gathered = carried
            gathered.append(paragraph)
        if gathered:
            yield _chunk(gathered)


def _with_lists_joined(paragraphs: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """A sentence that ends in a colon stays with the list after it."""
    introduction: Paragraph | None = None
    for each in paragraphs:
        paragraph = each
        if introduction:
            paragraph = replace(introduction, text=f"{introduction.text}\n\n{each.text}")
        introduction = paragraph if paragraph.text.endswith(":") else None
        if not introduction:
            yield paragraph
    if introduction:
        yield introduction


def _chunk(paragraphs: list[Paragraph]) -> Chunk:
    return Chunk(
        chapter=paragraphs[0].chapter,
        chapter_title=paragraphs[0].chapter_title,
        first_page=paragraphs[0].page,
        last_page=paragraphs[-1].page,
        content="\n\n".join(paragraph.text for paragraph in paragraphs),
    )


def _words(paragraphs: list[Paragraph]) -> int:
    return sum(len(paragraph.text.split()) for paragraph in paragraphs)


def _is_heading(paragraph: Paragraph) -> bool:
    return paragraph.text.startswith("#")
