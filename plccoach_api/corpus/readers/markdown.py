"""Reads a book from Markdown.

The first `#` is the title. A following line `by A, B and C` names the authors, and `Year: 2026` the year.
`## Chapter N: Title` begins a chapter, and `<!-- page 12 -->` begins a page. Deeper headings stay in the text.
"""

import re

from plccoach_api.corpus.book import Paragraph
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.parsed_book import ParsedBook, split_authors

_TITLE = re.compile(r"# (?P<title>.+)")
_AUTHORS = re.compile(r"by (?P<authors>.+)", re.IGNORECASE)
_YEAR = re.compile(r"Year: (?P<year>\d{4})", re.IGNORECASE)
_CHAPTER = re.compile(r"## (?:Chapter (?P<number>\d{1,4})\s*[:.\u2013-]\s*)?(?P<title>.+)", re.IGNORECASE)
_PAGE = re.compile(r"<!--\s*page (?P<page>\d{1,6})\s*-->", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"(?:```|~~~)")


def parse(text: str) -> ParsedBook:
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    page: int | None = None
    builder = ChapterBuilder()
    for block in _blocks(text):
        on_title_page = builder.is_empty
        if marker := _PAGE.fullmatch(block):
            page = int(marker["page"])
        elif _COMMENT.fullmatch(block):
            continue
        elif title is None and on_title_page and (heading := _TITLE.fullmatch(block)):
            title = heading["title"].strip()
        elif not authors and on_title_page and (line := _AUTHORS.fullmatch(block)):
            authors = split_authors(line["authors"])
        elif year is None and on_title_page and (line := _YEAR.fullmatch(block)):
            year = int(line["year"])
        elif heading := _CHAPTER.fullmatch(block):
            builder.open(int(heading["number"]) if heading["number"] else None, heading["title"].strip())
        else:
            builder.append(Paragraph.on(block, page))
    return ParsedBook(title, authors, year, builder.chapters())


def _blocks(text: str) -> list[str]:
    """Splits the text at empty lines. A heading or a page marker is a block of its own even without empty lines."""
    blocks: list[list[str]] = [[]]
    in_fence = False
    for line in text.splitlines():
        if _FENCE.match(line.strip()):
            in_fence = not in_fence
        if not in_fence and (re.match(r"#{1,6} ", line) or _PAGE.fullmatch(line.strip())):
            blocks += [[line.strip()], []]
        elif line.strip() or in_fence:
            blocks[-1].append(line.rstrip())
        else:
            blocks.append([])
    return [block for lines in blocks if (block := "\n".join(lines).strip())]
