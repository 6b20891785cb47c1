"""Reads a book from plain text.

Its first lines are the title and, after `by`, the authors. `Chapter 4: Title`, on one or two lines of
its own, begins a chapter. A form feed begins a page. Lines that were wrapped are joined again.
"""

import re

from plccoach_api.corpus.book import Paragraph
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.headings import parse_heading
from plccoach_api.corpus.readers.parsed_book import ParsedBook, split_authors
from plccoach_api.corpus.readers.running_heads import find_running_heads

_AUTHORS = re.compile(r"by (?P<authors>.+)", re.IGNORECASE | re.DOTALL)
_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s")


def parse(text: str) -> ParsedBook:
    pages = [page.split("\n") for page in text.replace("\r\n", "\n").split("\f")]
    has_pages = len(pages) > 1
    if has_pages:
        pages = _without_running_heads(pages)
    title: str | None = None
    authors: tuple[str, ...] = ()
    builder = ChapterBuilder()
    for number, page in enumerate(pages, start=1):
        for block in _blocks(page):
            if title is None:
                title, _, rest = block.partition("\n")
                block = rest.strip()  # noqa: PLW2901 - the authors may stand right under the title
                if not block:
                    continue
            if not authors and builder.is_empty and (line := _AUTHORS.fullmatch(block)):
                authors = split_authors(line["authors"])
            else:
                page_number = number if has_pages else None
                builder.add(Paragraph.on(block, page_number))
    return ParsedBook(title, authors, None, builder.chapters())


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    return [
        [line for at, line in enumerate(page) if at not in running_heads]
        for page, running_heads in zip(pages, find_running_heads(pages), strict=True)
    ]


def _blocks(lines: list[str]) -> list[str]:
    """Splits a page at empty lines, and joins the lines of each block."""
    blocks = re.split(r"\n[ \t]*\n", "\n".join(line.rstrip() for line in lines))
    return [_joined(block.strip("\n")) for block in blocks if block.strip()]


def _joined(block: str) -> str:
    """Joins wrapped lines. A list item, a line `by A and B` and the line after a chapter heading stay separate."""
    lines = [line.strip() for line in block.split("\n")]
    joined = lines[0]
    for line in lines[1:]:
        is_separate = _LIST_ITEM.match(line) or line.lower().startswith("by ") or parse_heading(joined)
        joined += ("\n" if is_separate else " ") + line
    return joined
