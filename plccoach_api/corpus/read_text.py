"""Reads a book from plain text.

Its first lines are the title and, after `by`, the authors. `Chapter 4: Title`, on a line or two of its
own, begins a chapter; a form feed a page. Lines that are broken to a width are joined again.
"""

import re

from plccoach_api.corpus.book import Paragraph
from plccoach_api.corpus.parsed_book import Outliner, ParsedBook, names, running_lines

_AUTHORS = re.compile(r"by (?P<authors>.+)", re.IGNORECASE | re.DOTALL)
_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s")


def parse(text: str) -> ParsedBook:
    pages = text.replace("\r\n", "\n").split("\f")
    paged = len(pages) > 1
    lines = [page.split("\n") for page in pages]
    if paged:
        lines = [
            [line for at, line in enumerate(page) if at not in running]
            for page, running in zip(lines, running_lines(lines), strict=True)
        ]
    title: str | None = None
    authors: tuple[str, ...] = ()
    outline = Outliner()
    for number, page in enumerate(lines, start=1):
        for block in _blocks(page):
            if title is None:
                title, _, rest = block.partition("\n")
                block = rest.strip()  # noqa: PLW2901 - the authors may stand under the title
                if not block:
                    continue
            if not authors and not outline.begun and (line := _AUTHORS.fullmatch(block)):
                authors = names(line["authors"])
            else:
                where = number if paged else None
                outline.add(Paragraph(block, where, where))
    return ParsedBook(title, authors, None, outline.chapters())


def _blocks(lines: list[str]) -> list[str]:
    """Paragraphs, each as one line, but for lists and the first lines of the book."""
    blocks = re.split(r"\n[ \t]*\n", "\n".join(line.rstrip() for line in lines))
    return [_joined(block.strip("\n")) for block in blocks if block.strip()]


def _joined(block: str) -> str:
    lines = [line.strip() for line in block.split("\n")]
    joined = lines[0]
    for line in lines[1:]:
        breaks = _LIST_ITEM.match(line) or line.lower().startswith("by ") or Outliner.begins(joined)
        joined += ("\n" if breaks else " ") + line
    return joined
