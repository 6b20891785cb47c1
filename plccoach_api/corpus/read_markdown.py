"""Reads a book from Markdown.

The first `#` is the title, a following line `by A, B and C` the authors, `Year: 2026` the year;
`## Chapter N: Title` begins a chapter, `<!-- page 12 -->` a page. Deeper headings stay in the text.
"""

import re

from plccoach_api.corpus.book import Chapter, Paragraph
from plccoach_api.corpus.parsed_book import ParsedBook, names, without_lists_of_pages

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
    chapters: list[tuple[int | None, str, list[Paragraph]]] = [(None, "", [])]
    for block in _blocks(text):
        begun = len(chapters) > 1 or bool(chapters[0][2])
        if marker := _PAGE.fullmatch(block):
            page = int(marker["page"])
        elif _COMMENT.fullmatch(block):
            continue
        elif title is None and not begun and (heading := _TITLE.fullmatch(block)):
            title = heading["title"].strip()
        elif not begun and not authors and (line := _AUTHORS.fullmatch(block)):
            authors = names(line["authors"])
        elif not begun and year is None and (line := _YEAR.fullmatch(block)):
            year = int(line["year"])
        elif heading := _CHAPTER.fullmatch(block):
            chapters.append((int(heading["number"]) if heading["number"] else None, heading["title"].strip(), []))
        else:
            chapters[-1][2].append(Paragraph(block, page, page))
    read = [Chapter(number, heading, tuple(paragraphs)) for number, heading, paragraphs in chapters if paragraphs]
    return ParsedBook(title, authors, year, without_lists_of_pages(read))


def _blocks(text: str) -> list[str]:
    """Between empty lines; a heading or a page mark that touches its neighbours is a block all the same."""
    blocks: list[list[str]] = [[]]
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line.strip()):
            fenced = not fenced
        alone = not fenced and (re.match(r"#{1,6} ", line) or _PAGE.fullmatch(line.strip()))
        if alone:
            blocks += [[line.strip()], []]
        elif line.strip() or fenced:
            blocks[-1].append(line.rstrip())
        else:
            blocks.append([])
    return [block for lines in blocks if (block := "\n".join(lines).strip())]
