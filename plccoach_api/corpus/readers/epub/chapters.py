"""Puts the texts of an EPUB together, and divides them into chapters by its navigation or its headings."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from plccoach_api.corpus.book import Chapter, Paragraph, count_characters
from plccoach_api.corpus.readers.epub.blocks import EpubBlock
from plccoach_api.corpus.readers.epub.lists import find_lists, is_list_of_links
from plccoach_api.corpus.readers.epub.navigation import Entry, Start, choose_chapters
from plccoach_api.corpus.readers.gutenberg import GUTENBERG, find_book
from plccoach_api.corpus.readers.headings import (
    is_bare_heading,
    is_page_list,
    parse_heading,
    parse_number_alone,
    parse_outline_entry,
)
from plccoach_api.corpus.readers.normalize import normalize

_LEAST_CHAPTERS = 2
_FULL_STOP = re.compile(r"(?<=\w{2})\.$")
# A chapter's number and title may stand on headings of their own.
_OPENING_BLOCKS = 4
_MOST_HEADING_CHARACTERS = 150


@dataclass(slots=True)
class Texts:
    """The blocks of all texts in reading order. `places` has the index of the first block of each text and anchor."""

    blocks: list[EpubBlock] = field(default_factory=list)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, blocks: Sequence[EpubBlock], anchors: Mapping[str, int]) -> None:
        first = len(self.blocks)
        if is_list_of_links(blocks):
            self.left_out["list of contents"] += sum(count_characters(each.text) for each in blocks)
            blocks, anchors = [], {}
        # A text without blocks, such as a cover, begins no chapter.
        if blocks:
            self.places[name, ""] = first
        for anchor, index in anchors.items():
            if index < len(blocks):
                self.places.setdefault((name, anchor), first + index)
        self.blocks += blocks


def divide(texts: Texts, entries: Sequence[Entry], book_title: str | None) -> list[Chapter]:
    """`entries` are those of the navigation. Without them, or with only one, headings begin the chapters."""
    blocks = texts.blocks
    starts = [_at_heading(texts, start) for start in choose_chapters(entries, book_title) if start.index < len(blocks)]
    titles = {each.text.casefold() for each in blocks if each.level is not None} | {
        each.title.casefold() for each in entries
    }
    book = find_book([each.text for each in blocks])
    outside = dict.fromkeys([*range(book.start), *range(book.stop, len(blocks))], GUTENBERG)
    absent = {**outside, **find_lists(blocks, {each.index: each.title for each in starts}, titles)}
    headings = _heading_starts(blocks, absent, book_title)
    for index, reason in absent.items():
        texts.left_out[reason] += count_characters(blocks[index].text)
    return list(_chapters(texts, absent, _joined(starts, headings)))


def _at_heading(texts: Texts, start: Start) -> Start:
    """Returns the place of the heading if the navigation leads to the text below it."""
    index = start.index
    while index and texts.blocks[index - 1].level is not None and _says(texts.blocks[index - 1].text, start.title):
        index -= 1
    return Start(index, start.title, start.is_above)


def _says(text: str, title: str) -> bool:
    """Returns True if a heading is a chapter's title, with its number or without, or only the number."""
    _, words = _parsed(text)
    chapter_number, chapter_words = _parsed(title)
    if _key(words) in {_key(chapter_words), _key(title)}:
        return True
    return chapter_number is not None and _number_alone(text) == chapter_number


def _key(title: str) -> str:
    """Returns a title without the marks, spaces and forms that differ between the navigation and the text."""
    return "".join(filter(str.isalnum, normalize(title).casefold())) or title


def _parsed(title: str) -> tuple[int | None, str]:
    number, words = parse_outline_entry(_FULL_STOP.sub("", " ".join(title.split())))
    return number, _FULL_STOP.sub("", words)


def _is_chapter(title: str) -> bool:
    return parse_heading(_FULL_STOP.sub("", title)) is not None


def _heading_starts(blocks: Sequence[EpubBlock], absent: Mapping[int, str], book_title: str | None) -> list[Start]:
    """Finds the chapters by headings or, if no heading has a chapter's number, by paragraphs like `Chapter 4`."""
    headings = [
        Entry(each.level, each.text, index)
        for index, each in enumerate(blocks)
        if each.level is not None and index not in absent and not is_page_list(each.text)
    ]
    if not any(_is_chapter(each.title) for each in headings):
        paragraphs = [
            Entry(1, each.text, index)
            for index, each in enumerate(blocks)
            if index not in absent and len(each.text) <= _MOST_HEADING_CHARACTERS and parse_heading(each.text)
        ]
        if len(paragraphs) >= _LEAST_CHAPTERS:
            return choose_chapters(paragraphs, book_title)
    # `Chapter 1` and its title may be two headings of one level.
    lonely = [each for last, each in pairwise([None, *headings]) if not (last and each and _follows(last, each))]
    return choose_chapters([each for each in lonely if each], book_title)


def _follows(last: Entry, each: Entry) -> bool:
    is_next = last.index is not None and each.index == last.index + 1
    return is_next and _is_chapter(last.title) and not _is_chapter(each.title) and last.level == each.level


def _joined(starts: Sequence[Start], headings: Sequence[Start]) -> Sequence[Start]:
    """Chooses between the navigation and the headings. A navigation of parts alone is joined with the headings."""
    chapters = [each for each in starts if not each.is_above]
    if len(chapters) < _LEAST_CHAPTERS:
        is_division = len(headings) >= _LEAST_CHAPTERS or any(_is_chapter(each.title) for each in headings)
        return headings if is_division and len(headings) > len(chapters) else starts
    numbered = [each for each in headings if _is_chapter(each.title)]
    bounds = [each.index for each in starts]
    inside = [
        each for each in numbered if not any(each.index - _OPENING_BLOCKS < bound <= each.index for bound in bounds)
    ]
    if len(inside) < _LEAST_CHAPTERS or any(_is_chapter(each.title) for each in starts):
        return starts
    return sorted([*starts, *inside], key=lambda start: start.index)


def _chapters(texts: Texts, absent: Mapping[int, str], starts: Sequence[Start]) -> Iterator[Chapter]:
    """Yields the chapters that have text. A heading without text, such as that of a part, goes to the next chapter."""
    blocks = texts.blocks
    carried: list[Paragraph] = []
    bounds = [Start(0, "", is_above=False), *starts, Start(len(blocks), "")]
    for start, following in pairwise(bounds):
        own = [blocks[index] for index in range(start.index, following.index) if index not in absent]
        if any(block.level is None for block in own):
            number, title, own = _opened(start.title, own)
            yield Chapter(number, title, (*carried, *(block.paragraph for block in own)))
            carried = []
        else:
            carried += [block.paragraph for block in own]
    if carried:
        texts.left_out["headings without text"] += sum(count_characters(each.text.lstrip("# ")) for each in carried)


def _opened(title: str, blocks: list[EpubBlock]) -> tuple[int | None, str, list[EpubBlock]]:
    """Returns a chapter's number and title, and its blocks without the headings that say them."""
    if not title:
        return None, "", blocks
    number, words = _parsed(title)
    opening = list(
        takewhile(lambda block: block.level is not None or _says(block.text, title), blocks[:_OPENING_BLOCKS])
    )
    kept: list[EpubBlock] = []
    for block in opening:
        own_number = _number_alone(block.text)
        if number is None and own_number is not None:
            number = own_number
        elif not _says(block.text, title):
            kept.append(block)
    if kept and (is_bare_heading(title) or parse_number_alone(title) is not None):
        words = kept.pop(0).text
    rest = blocks[len(opening) :]
    # A text that only says its title keeps it.
    return (number, words, [*kept, *rest]) if kept or rest else (number, words, blocks)


def _number_alone(text: str) -> int | None:
    """Returns the number of a heading that has no title: `Chapter 4`, or `4`."""
    number, words = _parsed(text)
    return number if number is not None and words == text else parse_number_alone(text)
