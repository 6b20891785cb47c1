"""Reads the navigation of an EPUB, and finds the level of it that holds the chapters."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from plccoach_api.corpus.readers.headings import parse_heading, parse_outline_entry

_PART = re.compile(
    r"(?:part|book|volume|unit|section|teil|partie|parte|deel)\s+(?:\d+|[ivxlc]+|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|the\s\w+)\b.*",
    re.IGNORECASE,
)
_LEAST_NUMBERED = 3


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation. `level` is 1 at the top. A part may have no target."""

    level: int
    title: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation, or a heading, with the index of the block to which it leads, if there is one."""

    level: int
    title: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Navigation:
    """`pages` are the targets of the list of pages, with the pages' labels. `base` is the file that has the links."""

    links: Sequence[Link] = ()
    pages: Sequence[tuple[str, str]] = ()
    base: str = ""


class NavigationHandler:
    """Collects the entries of an EPUB 3 navigation document. An entry is a link, or words without a link."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.pages: list[tuple[str, str]] = []
        self._kinds: list[str] = []
        self._level = 0
        self._label: list[str] | None = None
        self._target: str | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "nav":
            self._kinds.append(attributes.get("epub:type", "toc"))
        elif tag in {"ol", "ul"} and self._kinds:
            self._end_label()
            self._level += 1
        elif tag == "li" and self._level:
            self._label, self._target = [], None
        elif tag == "a" and self._label is not None:
            self._target = attributes.get("href")

    def end(self, tag: str) -> None:
        if tag == "li":
            self._end_label()
        elif tag in {"ol", "ul"} and self._level:
            self._level -= 1
        elif tag == "nav" and self._kinds:
            self._kinds.pop()

    def data(self, text: str) -> None:
        if self._label is not None:
            self._label.append(text)

    def _end_label(self) -> None:
        """The label of an item ends where the list inside of it begins."""
        title = " ".join("".join(self._label or ()).split())
        self._label = None
        kinds = self._kinds[-1].split() if self._kinds else []
        if title and "toc" in kinds:
            self.links.append(Link(self._level, title, self._target))
        elif title and self._target and "page-list" in kinds:
            self.pages.append((self._target, title))


def read_ncx(base: str, root: etree._Element) -> Navigation:
    """Reads the navigation of an EPUB 2."""
    levels: dict[etree._Element, int] = {}
    links: list[Link] = []
    for point in root.iter("{*}navPoint"):
        parent = point.getparent()
        levels[point] = 1 + (levels.get(parent, 0) if parent is not None else 0)
        if title := _label(point):
            links.append(Link(levels[point], title, _source(point)))
    pages = [(source, _label(each)) for each in root.iter("{*}pageTarget") if (source := _source(each))]
    return Navigation(links, pages, base)


def _label(point: etree._Element) -> str:
    texts = point.findall("{*}navLabel/{*}text")
    return " ".join(" ".join(text.text or "" for text in texts).split())


def _source(point: etree._Element) -> str | None:
    content = point.find("{*}content")
    return None if content is None else content.get("src") or None


@dataclass(frozen=True, slots=True)
class Start:
    """The block with which a chapter begins. An entry above chapters, such as a part, may have text of its own."""

    index: int
    title: str
    is_above: bool = False


def choose_chapters(entries: Sequence[Entry], book_title: str | None) -> list[Start]:
    """Returns the chapters and the entries above them in reading order. Sections, which stand below, are left out."""
    above = _above_chapters(entries, book_title)
    chosen: dict[int, Start] = {}
    chapter_level: int | None = None
    for index, entry in enumerate(entries):
        if chapter_level is not None and entry.level > chapter_level:
            continue
        is_above = index in above
        chapter_level = None if is_above else entry.level
        if entry.index is not None and (entry.index not in chosen or chosen[entry.index].is_above):
            chosen[entry.index] = Start(entry.index, entry.title, is_above)
    return sorted(chosen.values(), key=lambda start: start.index)


def _above_chapters(entries: Sequence[Entry], book_title: str | None) -> set[int]:
    """Returns the indexes of the entries that are above chapters."""
    has_children = {index for index in range(len(entries) - 1) if entries[index + 1].level > entries[index].level}
    numbered = {index for index, entry in enumerate(entries) if parse_heading(entry.title)}
    top = min((entry.level for entry in entries), default=1)
    tops = [index for index, entry in enumerate(entries) if entry.level == top]
    above = _ancestors(entries, numbered) | _ancestors(entries, _numbered_through(entries, top))
    for index in has_children:
        entry = entries[index]
        is_book = entry.title.casefold() == (book_title or "").casefold() or tops == [index]
        if is_book or entry.index is None or _PART.fullmatch(entry.title):
            above.add(index)
    return above - numbered


def _ancestors(entries: Sequence[Entry], indexes: Iterable[int]) -> set[int]:
    wanted, above = set(indexes), set[int]()
    open_entries: list[int] = []
    for index, entry in enumerate(entries):
        while open_entries and entries[open_entries[-1]].level >= entry.level:
            open_entries.pop()
        if index in wanted:
            for ancestor in reversed(open_entries):
                if ancestor in above:
                    break
                above.add(ancestor)
        open_entries.append(index)
    return above


def _numbered_through(entries: Sequence[Entry], top: int) -> set[int]:
    """Returns the entries of the second level if they are numbered through the book, and those above have no number.

    The sections of unnumbered chapters begin at 1 in each chapter.
    """
    if any(parse_outline_entry(entry.title)[0] is not None for entry in entries if entry.level == top):
        return set()
    second = [index for index, entry in enumerate(entries) if entry.level == top + 1]
    numbers = {index: parse_outline_entry(entries[index].title)[0] for index in second}
    numbered = {index: number for index, number in numbers.items() if number is not None}
    is_through = len(numbered) >= _LEAST_NUMBERED and len(set(numbered.values())) == len(numbered)
    return set(numbered) if is_through else set()
