"""Reads a PDF's outline, which many books use for their chapters."""

import ctypes
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from plccoach_api.corpus.readers.headings import parse_heading, parse_outline_entry
from plccoach_api.corpus.readers.placeholders import is_file_name

PART = re.compile(
    r"(?:part|section|unit|book|volume)\s+(?:\d{1,3}|[ivxlc]+|one|two|three|four|five|six|seven|eight|nine|ten)\b.*",
    re.IGNORECASE,
)
# A paragraph in the style of a heading has a bookmark, too.
_BULLET = re.compile(r"[\u2022\u25aa\u25cf\u25e6\uf0a7\uf0b7]")
_SENTENCE_END = re.compile(r"[.!?:;\u2026]$")
_LONGEST_TITLE = 100
# Far more than any book has. PDFium looks through the names of all targets for each entry, so the time grows with
# the square of their number.
_MOST_ENTRIES = 20_000
# Three chapters of a longer book do not begin on one page.
_LEAST_PAGES = 3


@dataclass(frozen=True, slots=True)
class Outline:
    """Both are titles by the index of the page to which they lead: those of the chapters, and all."""

    chapters: dict[int, list[str]]
    titles: dict[int, list[str]]


@dataclass(slots=True)
class _Entry:
    title: str
    level: int
    page: int | None
    has_children: bool = False
    has_chapters: bool = False


def read_outline(
    document: Any, pages: int, chapter_pages: Container[int | None] = (), part_pages: Container[int | None] = ()
) -> Outline:
    """Returns the titles of the chapters and of all entries.

    The level of the chapters differs: a chapter may stand below a part, or below one entry for the book. The pages
    that begin with a heading like `Chapter 4`, `chapter_pages`, or `Part I`, `part_pages`, show it where the entries
    have no numbers.
    An entry whose target does not exist is passed over. An outline all of whose entries lead to one page, as a broken
    converter writes it, says nothing.
    """
    titles: dict[int, list[str]] = {}
    last_page: int | None = None
    entries = list(_read_entries(document))
    for entry in _chapters(entries, chapter_pages, part_pages):
        page = entry.page
        if page is not None and 0 <= page < pages:
            # An entry that goes back to a page that has a chapter is no chapter.
            if page == last_page or page not in titles:
                titles.setdefault(page, []).append(entry.title)
            last_page = page
    is_broken = len(titles) == 1 and pages >= _LEAST_PAGES and len(*titles.values()) >= _LEAST_PAGES
    if is_broken:
        return Outline({}, {})
    all_titles: dict[int, list[str]] = {}
    for entry in entries:
        if entry.page is not None and not _is_text(entry.title):
            all_titles.setdefault(entry.page, []).append(entry.title)
    return Outline(titles, all_titles)


def _chapters(
    entries: Sequence[_Entry], chapter_pages: Container[int | None], part_pages: Container[int | None]
) -> Iterator[_Entry]:
    """Yields the parts and the chapters. What stands below a chapter is a section.

    A part is a chapter without a number: it holds the text between its own title and its first chapter.
    """
    base = _level_of_several(entries)
    _note_children(entries, base, chapter_pages)
    chapter_level: int | None = None
    for entry in entries:
        if entry.level < base or (chapter_level is not None and entry.level > chapter_level):
            continue
        is_called_part = entry.page in part_pages or PART.fullmatch(entry.title) is not None
        is_part = entry.has_children and (entry.has_chapters or is_called_part)
        chapter_level = None if is_part and not parse_heading(entry.title) else entry.level
        if entry.title and not _is_text(entry.title) and not is_file_name(entry.title):
            yield entry


def _is_text(title: str) -> bool:
    return _BULLET.match(title) is not None or (len(title) > _LONGEST_TITLE and _SENTENCE_END.search(title) is not None)


def _note_children(entries: Sequence[_Entry], base: int, chapter_pages: Container[int | None]) -> None:
    """Notes which entries have entries below them, and which have chapters directly below them."""
    numbers_continue = _numbers_continue(entries, base)
    parents: list[_Entry] = []
    for entry in entries:
        del parents[entry.level :]
        if parents:
            is_numbered = numbers_continue and parse_outline_entry(entry.title)[0] is not None
            parents[-1].has_children = True
            is_on_page_of_chapter = entry.page in chapter_pages and entry.page != parents[-1].page
            parents[-1].has_chapters |= is_numbered or is_on_page_of_chapter or parse_heading(entry.title) is not None
        parents.append(entry)


def _numbers_continue(entries: Sequence[_Entry], base: int) -> bool:
    """Returns True if the numbers of the second level go on from part to part, and the first level has none."""
    numbers: dict[int, list[int]] = {base: [], base + 1: []}
    for entry in entries:
        if entry.level in numbers and (number := parse_outline_entry(entry.title)[0]) is not None:
            numbers[entry.level].append(number)
    second = numbers[base + 1]
    return not numbers[base] and len(second) > 1 and all(last < number for last, number in pairwise(second))


def _level_of_several(entries: Sequence[_Entry]) -> int:
    """Returns the first level that has several entries: the level above may hold one entry for the whole book."""
    levels = [0] * (max((entry.level for entry in entries), default=0) + 1)
    for entry in entries:
        levels[entry.level] += 1
    return next((level for level, count in enumerate(levels) if count > 1), 0)


def _read_entries(document: Any) -> Iterator[_Entry]:
    """Yields the entries in their order. An entry that refers back to another one ends its level."""
    seen: set[int] = set()
    stack = [pdfium.FPDFBookmark_GetFirstChild(document, None)]
    while stack and len(seen) < _MOST_ENTRIES:
        bookmark = stack.pop()
        address = ctypes.addressof(bookmark.contents) if bookmark else None
        if address is None or address in seen:
            continue
        seen.add(address)
        level = len(stack)
        yield _Entry(_title(bookmark), level, _page_index(document, bookmark))
        stack += [
            pdfium.FPDFBookmark_GetNextSibling(document, bookmark),
            pdfium.FPDFBookmark_GetFirstChild(document, bookmark),
        ]


def _title(bookmark: Any) -> str:
    size = pdfium.FPDFBookmark_GetTitle(bookmark, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFBookmark_GetTitle(bookmark, buffer, size)
    return " ".join(buffer.raw.decode("utf-16-le", "replace").replace("\0", " ").split())


def _page_index(document: Any, bookmark: Any) -> int | None:
    action = pdfium.FPDFBookmark_GetAction(bookmark)
    # PDFium takes the page of another file for one of this file.
    if action and pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_GOTO:
        return None
    target = pdfium.FPDFBookmark_GetDest(document, bookmark)
    if not target and action:
        target = pdfium.FPDFAction_GetDest(document, action)
    return pdfium.FPDFDest_GetDestPageIndex(document, target) if target else None
