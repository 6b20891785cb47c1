"""Reads a book from Markdown.

The first `#` is the title, a following line `by A, B and C` the authors, `Year: 2026` the year;
`## Chapter N: Title` begins a chapter, `<!-- page 12 -->` a page. Deeper headings stay in the text.
"""

import re
from pathlib import Path

from plccoach_api.corpus.book import Book, Paragraph, UnreadableBook

_TITLE = re.compile(r"# (?P<title>.+)")
_AUTHORS = re.compile(r"by (?P<authors>.+)")
_YEAR = re.compile(r"Year: (?P<year>\d{4})")
_CHAPTER = re.compile(r"## (?:Chapter (?P<number>\d+): )?(?P<title>.+)")
_PAGE = re.compile(r"<!-- page (?P<page>\d+) -->")
_BETWEEN_NAMES = re.compile(r",\s*and\s+|,\s*|\s+and\s+")


def read(path: Path) -> Book:
    """Raises UnreadableBook."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableBook("it is not UTF-8 text") from error
    if "\0" in text:
        raise UnreadableBook("it holds a NUL character")
    return parse(text)


def parse(text: str) -> Book:
    """Raises UnreadableBook."""
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    chapter: int | None = None
    chapter_title = ""
    page: int | None = None
    paragraphs: list[Paragraph] = []
    for block in _blocks(text):
        if marker := _PAGE.fullmatch(block):
            page = int(marker["page"])
        elif title is None:
            if heading := _TITLE.fullmatch(block):
                title = heading["title"].strip()
        elif not paragraphs and (line := _AUTHORS.fullmatch(block)):
            authors = tuple(_BETWEEN_NAMES.split(line["authors"]))
        elif not paragraphs and (line := _YEAR.fullmatch(block)):
            year = int(line["year"])
        elif heading := _CHAPTER.fullmatch(block):
            chapter = int(heading["number"]) if heading["number"] else None
            chapter_title = heading["title"].strip()
        else:
            paragraphs.append(Paragraph(block, chapter, chapter_title, page))
    if title is None:
        raise UnreadableBook("it has no title: its first heading must be `# Title`")
    if not paragraphs:
        raise UnreadableBook("it has no text")
    return Book(title, authors, year, tuple(paragraphs))


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip()]
