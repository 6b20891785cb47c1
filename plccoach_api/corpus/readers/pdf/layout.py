"""Turns the lines on a PDF's pages into paragraphs and headings."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_low

from plccoach_api.corpus.book import Paragraph, count_characters, join_paragraphs
from plccoach_api.corpus.readers.headings import parse_heading
from plccoach_api.corpus.readers.normalize import join_line_paragraphs, join_lines
from plccoach_api.corpus.readers.pdf.text import Line
from plccoach_api.corpus.readers.running_heads import find_printed_shift, find_running_heads

# A heading is larger than the body text by this factor, and not longer than 200 characters.
HEADING_RATIO = 1.12
_LONGEST_HEADING = 200
# A new paragraph begins after a gap that is larger than the page's line spacing by this factor.
_GAP_RATIO = 1.35
# The lines of a heading are at most this far apart, as a multiple of their size.
_HEADING_GAP_RATIO = 1.6
_SAME_SIZE_POINTS = 0.5
_INDENT_RATIO = 0.8
# A note at the foot of a page is smaller than the body text by this factor.
_NOTE_RATIO = 0.9
# An entry of a list of contents has its page after or before the title.
_PAGES = (re.compile(r"(?<=[\s.\u2026])\d{1,4}$"), re.compile(r"^\d{1,4}(?=\s\S)"))
_LEAST_ENTRIES = 5
# A heading in the margin is at most so much lower than the paragraph beside it, as a multiple of its size.
_SIDE_RATIO = 1.5
# A heading that goes on in small letters may be set with wide gaps.
_LONGEST_GAP_RATIO = 3.0
# A glossary may have a term above its definition.
_DEFINES = re.compile(r"[\"'\u2018\u201c]?(?:is|are|means?|refers? to|describes?|denotes?|stands? for)\s")
_LONGEST_TERM = 60
_NOTE = re.compile(r"(?:\d{1,3}[.)]?|[*\u2020\u2021\u00a7])\s*\S")
_LIST_ITEM = re.compile(r"(?:[-*•\u2013\u25aa\u25cf]|\d{1,2}[.)])\s")
# A word, a dash or a bracket that the next page goes on with.
_GOES_ON = re.compile(r"[-\u2010\u00ad\u2013\u2014,]$|\([^()]{0,100}$")
_SENTENCE_END = re.compile(r"[.!?:;][\"')\]\u201d\u2019]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, whose `heading_size` is 0, or a heading. `page` is the index of the page in the file."""

    paragraph: Paragraph
    heading_size: float
    page: int
    is_note: bool = False
    is_first_of_page: bool = False

    @property
    def text(self) -> str:
        return self.paragraph.text


def drop_running_heads(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], int]:
    """Returns the lines without page numbers and running heads, and the number of characters of these.

    Looks for running heads from the top of the page to its bottom, which is not always the reading order.
    """
    body_size = find_body_size(pages)
    sorted_pages = _from_top_to_bottom(pages)
    texts = [[line.text for _, line in page] for page in sorted_pages]
    headings = [_headings(page, body_size) for page in sorted_pages]
    heads = find_running_heads(texts, headings)
    dropped = [{page[at][0] for at in found} for page, found in zip(sorted_pages, heads, strict=True)]
    if all(len(drop) == len(page) for drop, page in zip(dropped, pages, strict=True)):
        # The pages of a short text that is repeated have nothing but what looks like running heads.
        return [[*page] for page in pages], 0
    kept = [[line for at, line in enumerate(page) if at not in drop] for page, drop in zip(pages, dropped, strict=True)]
    characters = sum(count_characters(pages[page][at].text) for page, drop in enumerate(dropped) for at in drop)
    return kept, characters


def count_printed_pages(pages: Sequence[Sequence[Line]]) -> list[int | None] | None:
    """Returns the number that is printed on each page, if the numbers count on through the book.

    A page before the first number has none.
    """
    shift = find_printed_shift([[line.text for _, line in page] for page in _from_top_to_bottom(pages)])
    if shift is None:
        return None
    return [index + shift if index + shift > 0 else None for index in range(len(pages))]


def _from_top_to_bottom(pages: Sequence[Sequence[Line]]) -> list[list[tuple[int, Line]]]:
    return [sorted(enumerate(page), key=lambda item: -item[1].baseline) for page in pages]


def _headings(page: Sequence[tuple[int, Line]], body_size: float) -> AbstractSet[int]:
    """Returns the lines that are larger than the body text, or read `Chapter 4` and are not smaller."""
    return {
        at
        for at, (_, line) in enumerate(page)
        if line.size > body_size * HEADING_RATIO or (line.size >= body_size and parse_heading(line.text))
    }


def find_blocks(
    pages: Sequence[Sequence[Line]], page_numbers: Sequence[int | None], vocabulary: Container[str]
) -> Iterator[Block]:
    """Groups the lines of each page into blocks."""
    body_size = find_body_size(pages)
    for index, page in enumerate(pages):
        is_first = True
        groups = _with_side_headings([*_group_paragraphs(page, body_size)], body_size)
        for at, lines in enumerate(groups):
            text = join_lines([line.text for line in lines], vocabulary)
            size = lines[0].size
            is_heading = _is_large(lines, body_size) and len(text) <= _LONGEST_HEADING
            is_note = size < body_size * _NOTE_RATIO and at > 0 and _NOTE.match(text) is not None
            paragraph = Paragraph.on(text, page_numbers[index])
            yield Block(paragraph, size if is_heading else 0.0, index, is_note, is_first)
            is_first = False


def _is_large(lines: Sequence[Line], body_size: float) -> bool:
    return lines[0].size > body_size * HEADING_RATIO > 0


def _with_side_headings(groups: Sequence[list[Line]], body_size: float) -> list[list[Line]]:
    """Puts each heading that a page draws after its text, as those in the margin, before the paragraph beside it."""
    ordered = [*groups]
    while ordered and _is_large(ordered[-1], body_size):
        ordered.pop()
    if not ordered:
        return sorted(groups, key=lambda group: -group[0].baseline)
    foot = ordered[-1][-1].baseline
    for heading in groups[len(ordered) :]:
        top = heading[0].baseline + _SIDE_RATIO * heading[0].size
        places = (at for at, group in enumerate(ordered) if group[-1].baseline < top)
        ordered.insert(next(places, len(ordered)) if heading[0].baseline > foot else len(ordered), heading)
    return ordered


def join_blocks(blocks: Iterable[Block], vocabulary: Container[str]) -> list[Block]:
    """Joins the parts of a paragraph that continues on the next page, and the items of a list.

    The notes at the foot of a page do not end a paragraph: they follow it.
    """
    groups: list[list[Block]] = []
    body: list[Block] = []
    for block in blocks:
        if not block.is_note and body and (_is_next_item(body[-1], block) or _is_continued(body[-1], block)):
            body.append(block)
        else:
            groups.append([block])
            body = body if block.is_note else groups[-1]
    return [
        replace(group[0], paragraph=_join_group(group, vocabulary), heading_size=group[-1].heading_size)
        for group in groups
    ]


def _join_group(group: Sequence[Block], vocabulary: Container[str]) -> Paragraph:
    """Joins the parts of each item, and then the items."""
    items: list[list[Paragraph]] = [[group[0].paragraph]]
    for last, block in pairwise(group):
        if _is_next_item(last, block):
            items.append([block.paragraph])
        else:
            items[-1].append(block.paragraph)
    return join_paragraphs([join_line_paragraphs(item, vocabulary) for item in items], "\n")


def _is_next_item(last: Block, block: Block) -> bool:
    are_items = _LIST_ITEM.match(last.text) and _LIST_ITEM.match(block.text)
    return bool(are_items) and not block.heading_size and not last.heading_size


def _is_continued(last: Block, block: Block) -> bool:
    if _DEFINES.match(block.text) and not block.heading_size and len(last.text) <= _LONGEST_TERM:
        return not _SENTENCE_END.search(last.text)
    if block.heading_size or last.heading_size or block.page == last.page:
        return False
    if _LIST_ITEM.match(block.text) or _SENTENCE_END.search(last.text):
        return False
    return block.text[:1].islower() or _GOES_ON.search(last.text) is not None


def find_body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Returns the size in which most characters are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _group_paragraphs(lines: Sequence[Line], body_size: float) -> Iterator[list[Line]]:
    drops = (last.baseline - line.baseline for last, line in pairwise(lines))
    steps = [drop for drop, line in zip(drops, lines[1:], strict=True) if 0 < drop < 3 * max(line.size, 1)]
    spacing = median_low(steps) if steps else 0.0
    entries = _find_entries(lines)
    paragraph: list[Line] = []
    left = 0.0
    for at, line in enumerate(lines):
        if paragraph and (at in entries or _starts_paragraph(paragraph, left, line, spacing, body_size)):
            yield paragraph
            paragraph = []
        left = min(left, line.left) if paragraph else line.left
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _find_entries(lines: Sequence[Line]) -> set[int]:
    """Returns the places where the entries of a list of contents begin: their pages never go back."""
    found: set[int] = set()
    for is_first, pattern in enumerate(_PAGES):
        run: list[int] = []
        last = 0
        for at, line in enumerate([*(line.text for line in lines), ""]):
            match = pattern.search(line)
            number = int(match[0]) if match else 0
            goes_on = not run or (at - run[0] + 1 <= 2 * (len(run) + 1) and number >= last)
            if match and goes_on:
                run.append(at)
                last = number
            elif match or at == len(lines):
                found |= {place + 1 - is_first for place in run} if len(run) >= _LEAST_ENTRIES else set()
                run, last = [at], number
    return found


def _starts_paragraph(paragraph: Sequence[Line], left: float, line: Line, spacing: float, body_size: float) -> bool:
    """Judges by size, bullet, gap and indent. The items of a list may have indented lines."""
    last = paragraph[-1]
    if abs(line.size - last.size) > _SAME_SIZE_POINTS or _LIST_ITEM.match(line.text):
        return True
    largest_gap = _GAP_RATIO * spacing
    if line.size > body_size * HEADING_RATIO:
        if parse_heading(line.text):
            return True
        ratio = _LONGEST_GAP_RATIO if line.text[:1].islower() else _HEADING_GAP_RATIO
        largest_gap = max(largest_gap, ratio * line.size)
    if not 0 < last.baseline - line.baseline <= largest_gap:
        return True
    if line.size < body_size * _NOTE_RATIO and _NOTE.match(line.text) and _SENTENCE_END.search(last.text):
        return True
    is_indented = line.left - left > _INDENT_RATIO * line.size
    return is_indented and bool(_SENTENCE_END.search(last.text)) and not _LIST_ITEM.match(paragraph[0].text)
