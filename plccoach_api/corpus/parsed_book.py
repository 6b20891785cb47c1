"""What a reader of one format found, and what the readers share: outlines, and what nobody would cite."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from plccoach_api.corpus.book import Chapter, Paragraph

_BETWEEN_NAMES = re.compile(r",\s*and\s+|\s*[,;&]\s*|\s+and\s+")
# Contents and index name pages and say nothing; a chapter of that title is left out whole.
_LISTS_OF_PAGES = re.compile(
    r"(?:table of )?contents|(?:subject |author |name )?index|list of (?:figures|tables)", re.IGNORECASE
)
_CHAPTER = re.compile(
    r"(?:#{1,2}\s*)?chapter\s+(?P<number>\d{1,4}|[ivxlc]+)\b\s*[:.\u2013\u2014-]?\s*(?P<title>[^\n]{0,200})",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<number>\d{1,3})[.:]?\s+(?P<title>\S.*)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(r"(?:page\s+|p\.\s*)?(?:\d{1,4}|[ivxlc]{1,8})(?:\s+of\s+\d+)?", re.IGNORECASE)
# A head that runs stands on this share of the pages, at least on so many.
_RUNS = 0.3
_LEAST_PAGES = 3
_EDGE_LINES = 2


@dataclass(frozen=True, slots=True)
class ParsedBook:
    title: str | None
    authors: tuple[str, ...]
    year: int | None
    chapters: Sequence[Chapter]


def names(text: str) -> tuple[str, ...]:
    """`A, B and C`, as they stand on a title page."""
    text = " ".join(text.split())
    return tuple(name for part in _BETWEEN_NAMES.split(text) if (name := part.strip().removesuffix(".")))


def without_lists_of_pages(chapters: Sequence[Chapter]) -> list[Chapter]:
    return [chapter for chapter in chapters if not _LISTS_OF_PAGES.fullmatch(chapter.title.strip(" .:"))]


def heading(text: str) -> tuple[int | None, str] | None:
    """The number and title of `Chapter 4: Title`, if that is what the text is."""
    match = _CHAPTER.fullmatch(" ".join(text.split()))
    if match is None or match["title"].endswith((".", ",", ";")):
        return None
    return _number(match["number"]), match["title"].strip() or match[0]


def entry(text: str) -> tuple[int | None, str]:
    """The same of an outline's line, where `4. Title` and a title alone are chapters too."""
    text = " ".join(text.split())
    if found := heading(text):
        return found
    if numbered := _NUMBERED.fullmatch(text):
        return int(numbered["number"]), numbered["title"]
    return None, text


def _number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    values = [_ROMAN[letter] for letter in text.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


class Outliner:
    """Gathers paragraphs into chapters, by the headings among them."""

    def __init__(self) -> None:
        self._chapters: list[tuple[int | None, str, list[Paragraph]]] = [(None, "", [])]

    @property
    def begun(self) -> bool:
        return len(self._chapters) > 1 or bool(self._chapters[0][2])

    @staticmethod
    def begins(text: str) -> bool:
        return heading(text) is not None

    def open(self, number: int | None, title: str) -> None:
        self._chapters.append((number, title, []))

    def add(self, paragraph: Paragraph) -> None:
        if found := heading(paragraph.text) or self._of_contents(paragraph.text):
            self.open(*found)
        else:
            self._chapters[-1][2].append(paragraph)

    def chapters(self) -> list[Chapter]:
        read = [Chapter(number, title, tuple(paragraphs)) for number, title, paragraphs in self._chapters if paragraphs]
        return without_lists_of_pages(read)

    @staticmethod
    def _of_contents(text: str) -> tuple[int | None, str] | None:
        return (None, text) if _LISTS_OF_PAGES.fullmatch(text.strip(" .:#")) else None


def running_lines(pages: Sequence[Sequence[str]]) -> list[set[int]]:
    """Of each page the places of its number, and of the head and foot that many pages share."""
    edges = [_edge(page) for page in pages]
    shared = Counter(key for page, edge in zip(pages, edges, strict=True) for key in {_key(page[at]) for at in edge})
    often = max(_LEAST_PAGES, _RUNS * len(pages))
    return [
        {at for at in edge if _PAGE_NUMBER.fullmatch(page[at].strip()) or (shared[_key(page[at])] >= often)}
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edge(page: Sequence[str]) -> set[int]:
    filled = [at for at, line in enumerate(page) if line.strip()]
    return {*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]}


def _key(line: str) -> str:
    """Without the page's number, which is all that changes in a running head."""
    return re.sub(r"\d+", "", " ".join(line.split())).strip(" |\u2013\u2014-").lower()
