"""Gathers paragraphs into chapters while a reader goes through a book."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from plccoach_api.corpus.book import Chapter, LeftOut, Paragraph, count_characters
from plccoach_api.corpus.readers.headings import (
    is_back_matter,
    is_bare_heading,
    is_front_matter,
    is_index,
    is_page_list,
    looks_like_title,
    parse_heading,
    parse_outline_entry,
    parse_part,
    plain_title,
)
from plccoach_api.corpus.readers.large_type import with_large_type
from plccoach_api.corpus.readers.numbered_sections import with_numbered_sections
from plccoach_api.corpus.readers.page_lists import entry_key, find_list_end, has_page, may_be_entry, title_keys

_MOST_HEADING_CHARACTERS = 300
_LEAST_LISTED = 3


class _Kind(Enum):
    text = auto()
    chapter = auto()
    part = auto()
    front = auto()
    back = auto()
    page_list = auto()


@dataclass(frozen=True, slots=True)
class _Item:
    """A paragraph, or the beginning of a chapter. `paragraph` is None for a chapter of the book's outline."""

    kind: _Kind
    paragraph: Paragraph | None = None
    number: int | None = None
    title: str = ""

    @property
    def text(self) -> str:
        return self.title if self.paragraph is None else self.paragraph.text


class ChapterBuilder:
    """Text before the first heading belongs to a chapter without a number or title.

    A heading without text, such as that of a part, is left out. Several in a row, or a long one,
    are text in large type, and stay.

    A list of contents and an index are left out, from their heading to the last of their entries. A book whose headings
    have no word "chapter" has the chapters that its list of contents names.
    """

    def __init__(self) -> None:
        self._items: list[_Item] = []
        self._has_outline = False

    @property
    def is_empty(self) -> bool:
        return not self._items

    def open(self, number: int | None, title: str) -> None:
        """Begins a chapter that the book's outline names. It names the chapters without a number too."""
        self._has_outline = True
        kind = _Kind.page_list if is_page_list(title) else _Kind.chapter
        self._items.append(_Item(kind, None, number, title))

    def append(self, paragraph: Paragraph) -> None:
        """Adds a paragraph to the open chapter."""
        self._items.append(_Item(_Kind.text, paragraph))

    def add(self, paragraph: Paragraph) -> None:
        """Begins a chapter if the paragraph is a chapter's heading. Adds it to the open chapter otherwise."""
        text = paragraph.text
        if len(text) > _MOST_HEADING_CHARACTERS:
            self.append(paragraph)
            return
        title = " ".join(text.split()).strip("# ")
        if heading := parse_heading(text):
            self._items.append(_Item(_Kind.chapter, paragraph, *heading))
        elif part := parse_part(text):
            self._items.append(_Item(_Kind.part, paragraph, part[0], title))
        elif is_page_list(text):
            self._items.append(_Item(_Kind.page_list, paragraph, None, title))
        elif is_front_matter(text):
            self._items.append(_Item(_Kind.front, paragraph, None, title))
        elif is_back_matter(text):
            self._items.append(_Item(_Kind.back, paragraph, None, title))
        else:
            self._items.append(_Item(_Kind.text, paragraph))

    def chapters(self) -> list[Chapter]:
        return [with_numbered_sections(each) for each in with_large_type(self._divided()) if each.paragraphs]

    def _divided(self) -> list[Chapter]:
        items = self._without_lists()[0]
        if not self._has_outline and not any(item.kind is _Kind.chapter for item in items):
            items = _with_listed_chapters(items, self.listed())
        items = _with_titles_below(_without_false_headings(items, has_outline=self._has_outline))
        chapters: list[tuple[int | None, str, list[Paragraph]]] = [(None, "", [])]
        for item in items:
            if item.kind is not _Kind.text:
                number = item.number if item.kind is _Kind.chapter else None
                chapters.append((number, "" if item.kind is _Kind.page_list else item.title, []))
            elif item.paragraph:
                chapters[-1][2].append(item.paragraph)
        return [Chapter(number, title, tuple(paragraphs)) for number, title, paragraphs in chapters]

    def left_out(self) -> tuple[LeftOut, ...]:
        """Returns the lists of contents, the indexes, and the headings without text, which are not in the chapters."""
        bare = sum(count_characters(each.title) for each in with_large_type(self._divided()) if not each.paragraphs)
        parts = {**self._without_lists()[1], "headings without text": bare}
        return tuple(LeftOut(reason, characters, is_lost=False) for reason, characters in parts.items() if characters)

    def _next_opened(self, start: int, last_places: dict[str, int]) -> int:
        """Returns the place of the next chapter that the outline names, which ends a list, or the number of items.

        A title that comes again is an entry of the list that looks like a heading, unless a text follows it.
        """
        for at in range(start, len(self._items)):
            item = self._items[at]
            if item.paragraph is not None:
                continue
            below = self._items[at + 1] if at + 1 < len(self._items) else None
            has_text = below is not None and below.kind is _Kind.text and not may_be_entry(below.text)
            if has_text or last_places.get(entry_key(item.title), -1) <= at:
                return at
        return len(self._items)

    def listed(self) -> list[str]:
        """Returns the lines of the lists of contents."""
        kept = set(map(id, self._without_lists()[0]))
        lists = (item.text for item in self._items if id(item) not in kept and item.kind is not _Kind.page_list)
        return [line for text in lists for line in text.split("\n")]

    def _without_lists(self) -> tuple[list[_Item], dict[str, int]]:
        """Returns the items without the entries of the lists, and the characters of these lists by their kind."""
        texts = [item.text for item in self._items]
        lines = ((at, line) for at, text in enumerate(texts) for line in text.split("\n") if not has_page(line))
        last_places = {key: at for at, line in lines if (key := entry_key(line))}
        kept: list[_Item] = []
        characters: dict[str, int] = {}
        end = 0
        for at, item in enumerate(self._items):
            if at < end:
                continue
            kept.append(item)
            if item.kind is _Kind.page_list:
                index = is_index(item.title)
                listed_texts = texts[: self._next_opened(at + 1, last_places)]
                end = find_list_end(listed_texts, at + 1, last_places, is_index=index)
                reason = "index" if index else "list of contents"
                listed = sum(map(count_characters, texts[at:end]))
                characters[reason] = characters.get(reason, 0) + listed
        return kept, characters


def _with_listed_chapters(items: Sequence[_Item], listed: Sequence[str]) -> list[_Item]:
    """Returns the items, with the lines below a list of contents that it names as chapters. Most must be there."""
    entries = {key: line for line in listed for key in title_keys(line)}
    named: dict[str, int] = {}
    start = next((at for at, item in enumerate(items) if item.kind is _Kind.page_list), len(items))
    for at, item in enumerate(items[start:], start):
        if item.kind in {_Kind.text, _Kind.front, _Kind.back} and len(item.text) <= _MOST_HEADING_CHARACTERS:
            found = next((entries[key] for key in title_keys(item.text) if key in entries), None)
            if found is not None:
                named.setdefault(found, at)
    if len(named) < _LEAST_LISTED or 2 * len(named) < len(listed):
        return [*items]
    chapters = {at: parse_outline_entry(items[at].text) for at in named.values()}
    return [
        replace(item, kind=_Kind.chapter, number=chapters[at][0], title=plain_title(chapters[at][1]))
        if at in chapters
        else item
        for at, item in enumerate(items)
    ]


def _without_false_headings(items: Sequence[_Item], *, has_outline: bool) -> list[_Item]:
    """Returns the items, with the headings that are no chapters as text.

    A "Part 2" inside a chapter, and an "Introduction" or "Conclusion" of each chapter, are sections.
    """
    numbered = [at for at, item in enumerate(items) if item.kind is _Kind.chapter]
    first, last = (numbered[0], numbered[-1]) if numbered else (-1, len(items))
    titles = Counter(item.title.lower() for item in items if item.kind in {_Kind.front, _Kind.back})
    parts = [item.number for item in items if item.kind is _Kind.part]
    first_part = next((at for at, item in enumerate(items) if item.kind is _Kind.part), 0)
    are_parts = parts == [*range(1, len(parts) + 1)] and (first_part < first or (not numbered and len(parts) > 1))

    def is_section(at: int, item: _Item) -> bool:
        if item.kind is _Kind.part:
            return not are_parts
        is_inside = at > first if item.kind is _Kind.front else at < last
        return has_outline or is_inside or titles[item.title.lower()] > 1

    may_be_sections = {_Kind.part, _Kind.front, _Kind.back}
    return [
        replace(item, kind=_Kind.text) if item.kind in may_be_sections and is_section(at, item) else item
        for at, item in enumerate(items)
    ]


def _with_titles_below(items: Sequence[_Item]) -> list[_Item]:
    """Takes the line below `Chapter 3` as its title, if it looks like one and text follows it."""
    titled: list[_Item] = []
    for at, item in enumerate(items):
        above = titled[-1] if titled else None
        is_title = (
            above is not None
            and above.paragraph is not None
            and item.kind is _Kind.text
            and item.paragraph is not None
            and above.kind in {_Kind.chapter, _Kind.part}
            and is_bare_heading(above.title)
            and looks_like_title(item.text)
            and at + 1 < len(items)
            and items[at + 1].kind is _Kind.text
        )
        if above is not None and is_title:
            title = plain_title(item.text)
            titled[-1] = replace(above, title=f"{above.title}: {title}" if above.kind is _Kind.part else title)
        else:
            titled.append(item)
    return titled
