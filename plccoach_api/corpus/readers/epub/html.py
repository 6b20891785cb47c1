"""Turns one text of an EPUB into blocks: paragraphs, headings, lists and tables, with pages, anchors and links."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.epub.blocks import EpubBlock
from plccoach_api.corpus.readers.epub.buffer import Mark, TextBuffer
from plccoach_api.corpus.readers.epub.flow import BlockFlow
from plccoach_api.corpus.readers.epub.notes import (
    is_back_link,
    is_note,
    is_note_link,
    is_note_reference,
)
from plccoach_api.corpus.readers.epub.pages import (
    PAGE_MARKS,
    PageMark,
    has_page_class,
    has_page_id,
    is_page_break,
    page_of,
)
from plccoach_api.corpus.readers.epub.skipped import NO_TEXT, skip_reason
from plccoach_api.corpus.readers.note_numbers import NOTE_NUMBERS, is_raised_note_number

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dir div dl doctitle docauthor dt fieldset "
        "figcaption figure footer form header hgroup hr html level1 level2 level3 main p pre section sidebar summary "
        "table tbody td tfoot th thead tr",
    )
)
_LISTS = frozenset({"ol", "ul", "menu", "list"})
_MOST_NUMBER_CHARACTERS = 12


@dataclass(slots=True)
class _Open:
    """An open element, and what its end does."""

    tag: str
    attributes: Mapping[str, str]
    mark: Mark | None = None
    outer: TextBuffer | None = None
    is_skipped: bool = False
    is_raised: bool = False


class TextHandler:
    """A text may begin in the middle of a page. `page` is the page on which the previous text ended.

    `pages` are the pages of the navigation's list of pages, by anchor.
    """

    def __init__(self, page: int | None, pages: Mapping[str, str]) -> None:
        self.page = page
        self._flow = BlockFlow()
        self.anchors: dict[str, int] = {}
        """The index of the first block at or after each anchor."""
        self.left_out: Counter[str] = Counter()
        self._pages = pages
        self._open: list[_Open] = []
        self._skipping: list[str] = []
        self._page_mark: PageMark | None = None
        self._buffer = TextBuffer()
        self._anchors_inside: list[tuple[str, int]] = []
        self._level: int | None = None
        self._targets: list[str] = []
        self._linked = 0
        self._open_links = 0
        self._preformatted = 0
        self._after: list[EpubBlock] = []
        self._turn_page(page_of({}, pages.get("", "")))

    @property
    def blocks(self) -> list[EpubBlock]:
        return self._flow.blocks

    # The events of the parser.

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        element = _Open(tag, attributes)
        self._open.append(element)
        if self._skipping:
            return
        self._note_anchors(tag, attributes)
        if self._page_mark:
            return
        if is_page_break(attributes):
            # It may be hidden, and still says where its page begins.
            self._page_mark = PageMark(len(self._open), attributes, is_sure=True)
            return
        reason = skip_reason(tag, attributes)
        if reason is not None:
            element.is_skipped = True
            self._skipping.append(reason)
            if tag == "math":
                self._buffer.add(attributes["alttext"], self.page)
        elif has_page_class(attributes) or has_page_id(tag, attributes):
            self._page_mark = PageMark(len(self._open), attributes, is_sure=False)
        else:
            self._start_element(element)

    def end(self, tag: str) -> None:
        element = self._open.pop()
        if element.is_skipped:
            self._skipping.pop()
        elif self._page_mark:
            if len(self._open) < self._page_mark.depth:
                self._end_page_mark(self._page_mark)
        elif not self._skipping:
            self._end_element(tag, element)

    def data(self, text: str) -> None:
        if self._skipping:
            if self._skipping[-1] != NO_TEXT:
                self.left_out[self._skipping[-1]] += count_characters(text)
        elif self._page_mark:
            self._page_mark.text += text
            if not self._page_mark.is_short:
                self._end_page_mark(self._page_mark)
        elif self._preformatted:
            self._buffer.add_lines(text, self.page)
        else:
            if self._open_links:
                self._linked += count_characters(text)
            self._buffer.add(text, self.page)

    def finish(self) -> None:
        self._end_block()
        self._flow.end_items()
        self._flow.end_table()

    # Elements.

    def _start_element(self, element: _Open) -> None:
        tag, attributes = element.tag, element.attributes
        if (is_note(attributes) and self._buffer) or tag == "svg":
            element.outer, self._buffer = self._buffer, TextBuffer()
        elif tag in _HEADINGS:
            self._end_block()
            self._level = _HEADINGS[tag]
        elif tag in _LISTS:
            self._end_block()
            self._flow.items.open(attributes.get("start") if tag == "ol" else None, is_numbered=tag == "ol")
        elif tag == "li":
            self._end_block()
            self._flow.items.start_item(attributes.get("value"))
        elif tag in _BLOCKS and self._level is None:
            self._end_block()
            self._flow.start_table_part(tag)
            self._preformatted += tag == "pre"
        elif tag == "a" and "href" in attributes:
            element.mark = self._buffer.mark
            self._targets.append(attributes["href"])
            self._open_links += 1
        elif tag == "sup" or is_note_reference(attributes):
            element.mark = self._buffer.mark
            for outer in reversed(self._open[-3:-1]):
                outer.is_raised |= outer.tag == "a"
        else:
            self._start_inline(tag, attributes)

    def _start_inline(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "text":
            self._buffer.separate("; ")
        elif tag in {"br", "wbr"} or (tag in _BLOCKS and self._level is not None) or _begins_line(tag, attributes):
            self._buffer.separate("\n" if self._preformatted and tag == "br" else " ")
        elif tag == "img" and len(letter := attributes.get("alt", "")) == 1 and letter.isalpha():
            # A picture of the first letter of a chapter.
            self._buffer.add(letter, self.page)

    def _end_element(self, tag: str, element: _Open) -> None:
        if element.outer is not None:
            self._end_inner(element.outer)
        elif tag in _HEADINGS:
            self._end_block()
            self._level = None
        elif tag in _LISTS:
            self._end_block()
            if self._flow.items.close():
                self._flow.end_items()
        elif tag == "li" or (tag in _BLOCKS and self._level is None):
            self._end_block()
            self._flow.end_table_part(tag)
            self._preformatted -= tag == "pre" and self._preformatted > 0
        elif element.mark is not None:
            self._end_link(element, element.mark)

    def _end_link(self, element: _Open, mark: Mark) -> None:
        """Removes the number of a note. Words of a link and raised words stay."""
        is_link = element.tag == "a"
        self._open_links -= is_link
        if not 0 < self._buffer.mark.length - mark.length <= _MOST_NUMBER_CHARACTERS:
            return
        text = self._buffer.since(mark)
        is_raised = element.is_raised or any(each.tag == "sup" for each in self._open[-2:])
        if not is_link:
            is_raised_number = is_raised_note_number(text, self._buffer.before(mark))
            is_note_number = is_raised_number or is_note_reference(element.attributes)
        else:
            is_note_number = is_back_link(element.attributes, text) or is_note_link(
                element.attributes, text, is_raised=is_raised, is_first=not mark.length and self._in_note()
            )
        if is_note_number:
            removed = self._buffer.cut(mark)
            self.left_out[NOTE_NUMBERS] += removed
            self._linked -= removed if is_link else 0

    def _in_note(self) -> bool:
        return any(is_note(each.attributes) for each in self._open[-6:])

    def _end_inner(self, outer: TextBuffer) -> None:
        """Ends a note or a drawing that stands inside a paragraph. It becomes a paragraph after that one."""
        if self._buffer:
            self._after.append(EpubBlock(self._buffer.paragraph()))
        self._buffer = outer
        if not outer:
            self._end_block()

    # Anchors and pages.

    def _note_anchors(self, tag: str, attributes: Mapping[str, str]) -> None:
        for anchor in {attributes.get("id", ""), attributes.get("name", "") if tag == "a" else ""} - {""}:
            self._anchors_inside.append((anchor, self._buffer.mark.length))
            if anchor in self._pages and not is_page_break(attributes):
                self._turn_page(page_of({}, self._pages[anchor]))

    def _end_page_mark(self, mark: PageMark) -> None:
        self._page_mark = None
        if mark.is_label or mark.is_sure:
            self._turn_page(mark.page(self._pages))
        if mark.is_label:
            self.left_out[PAGE_MARKS] += count_characters(mark.text)
        else:
            self.data(mark.text)

    def _turn_page(self, page: int | None) -> None:
        if page is not None:
            self.page = page or None
        if page:
            self._buffer.turn_page(page)

    # Blocks.

    def _end_block(self) -> None:
        length = self._buffer.mark.length
        if self._buffer:
            self._add_text()
        for anchor, offset in self._anchors_inside:
            is_behind = bool(length) and offset >= length
            at = len(self._flow.blocks) if is_behind or not length else self._flow.index_of_open_block
            self.anchors.setdefault(anchor, at)
        self._anchors_inside = []
        self._buffer = TextBuffer()
        blocks, self._after = self._after, []
        for block in blocks:
            self._flow.add(block)
        self._linked, self._targets = 0, []

    def _add_text(self) -> None:
        prefix = "" if self._level is None else "#" * max(3, self._level) + " "
        self._flow.add_text(EpubBlock(self._buffer.paragraph(prefix), self._level, tuple(self._targets), self._linked))


def _begins_line(tag: str, attributes: Mapping[str, str]) -> bool:
    """Returns True for a piece of a drawing's text that has its own place."""
    return tag == "tspan" and not {"x", "y", "dy"}.isdisjoint(attributes)
