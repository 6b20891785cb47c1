"""Reads a book from plain text.

Its first lines are the title and, after `by`, the authors. `Chapter 4: Title`, on one or two lines of
its own, begins a chapter, or a line that the list of contents has. A form feed begins a page, or a number on a line of
its own that counts on. Lines that were wrapped are joined again. The head and the licence of Project Gutenberg are left
out.
"""

import re
from collections.abc import Callable, Container, Sequence
from itertools import chain, count

from plccoach_api.corpus.book import LeftOut, Paragraph, count_characters, join_paragraphs
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.counted_pages import NumberedPage, goes_on, split_at_numbers
from plccoach_api.corpus.readers.gutenberg import GUTENBERG, read_gutenberg, without_italics
from plccoach_api.corpus.readers.headings import is_index, is_page_list, parse_heading, parse_outline_entry, parse_part
from plccoach_api.corpus.readers.leaders import CHAPTER, SECTION, with_listed_headings
from plccoach_api.corpus.readers.line_headings import is_above_text, width_of
from plccoach_api.corpus.readers.normalize import find_vocabulary, join_lines
from plccoach_api.corpus.readers.numeral_headings import HeadingOf, blocks_of, contents_of, heading_by_numeral
from plccoach_api.corpus.readers.page_lists import entry_key, may_be_entry
from plccoach_api.corpus.readers.parsed_book import ParsedBook, parse_byline
from plccoach_api.corpus.readers.running_heads import find_running_heads
from plccoach_api.corpus.readers.tables import has_sentence

_LIST_ITEM = re.compile(r"\s*(?:[-*•▪◦●‣➢]|\d{1,2}[.)])\s")
_BULLETS = frozenset("•▪◦●‣➢")
_LETTERED = re.compile(r"([a-z])[.)]\s")
# A longer first paragraph, or a sentence, is text. The book does not say its title.
_MOST_TITLE_CHARACTERS = 200
_PICTURE = re.compile(r"\[Illustration[^\]]{0,2000}\]")


def parse(text: str) -> ParsedBook:
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    head, text, licence = read_gutenberg(text)
    numbered = _pages(text)
    pages = [page.lines for page in numbered]
    running_heads = find_running_heads(pages) if len(pages) > 1 else [set[int]() for _ in pages]
    left_out = [
        LeftOut(GUTENBERG, licence, is_lost=False),
        LeftOut("running heads", _count(pages, running_heads), is_lost=False),
    ]
    pages = [
        [line for at, line in enumerate(page) if at not in heads]
        for page, heads in zip(pages, running_heads, strict=True)
    ]
    listed = with_listed_headings(pages)
    pages = listed.pages
    left_out.append(LeftOut("list of contents", listed.characters, is_lost=False))
    blocks = [block for page in pages for block in blocks_of(page)]
    contents = contents_of(blocks)
    left_out.append(LeftOut("list of contents", sum(_characters(blocks[at]) for at in contents), is_lost=False))
    if contents:
        pages, blocks = _without(pages, contents), [*blocks[: contents.start], *blocks[contents.stop :]]
    vocabulary = find_vocabulary(chain.from_iterable(pages))
    reader = _TextReader(
        head.title,
        head.authors,
        vocabulary,
        heading_by_numeral(blocks),
        listed=listed.headings,
        width=width_of(pages),
    )
    clean = without_italics if licence else str
    for (number, _), page in zip(numbered, pages, strict=True):
        reader.read(page, number, clean)
    reader.close()
    chapters = reader.builder.chapters()
    left_out += [LeftOut("descriptions of pictures", reader.pictures, is_lost=False), *reader.builder.left_out()]
    said = tuple(each for each in left_out if each.characters)
    return ParsedBook(reader.title, reader.authors, head.year, chapters, head.edition, said)


def _pages(text: str) -> list[NumberedPage]:
    pages = text.split("\f")
    if len(pages) > 1:
        return [NumberedPage(number, page.split("\n")) for number, page in enumerate(pages, start=1)]
    lines = text.split("\n")
    return split_at_numbers(lines) or [NumberedPage(None, lines)]


def _count(pages: list[list[str]], indexes: list[set[int]]) -> int:
    return sum(count_characters(page[at]) for page, each in zip(pages, indexes, strict=True) for at in each)


def _characters(block: list[str]) -> int:
    return sum(map(count_characters, block))


def _without(pages: list[list[str]], dropped: range) -> list[list[str]]:
    """Returns the pages without some of their blocks."""
    at = count()
    return [[line for block in blocks_of(page) if next(at) not in dropped for line in (*block, "")] for page in pages]


class _TextReader:
    def __init__(
        self,
        title: str | None,
        authors: tuple[str, ...],
        vocabulary: Container[str],
        heading_of: HeadingOf,
        *,
        listed: frozenset[str],
        width: int,
    ) -> None:
        self.title = title
        self.authors = authors
        self.builder = ChapterBuilder()
        self.pictures = 0
        self._title_key = entry_key(title) if title else None
        self._vocabulary = vocabulary
        self._heading_of = heading_of
        self._listed, self._width = listed, width
        # A paragraph that may go on, on the next page.
        self._open: Paragraph | None = None
        self._in_list = self._in_index = False

    def read(self, page: list[str], number: int | None, clean: Callable[[str], str]) -> None:
        """Adds the blocks of a page. The first ones may be the title and the authors."""
        for place, lines in enumerate(blocks_of(page)):
            if lines[0] in self._listed:
                self._add_listed(lines[0], number)
                continue
            if heading := self._heading_of(lines):
                lines[0] = heading[1]
            if self._listed and is_above_text(lines, self._width):
                self._add_listed(f"{SECTION}{lines.pop(0).strip()}", number)
            block = clean(self._without_pictures(self._joined(lines)))
            if self._is_empty:
                block = self._without_title(block)
            if block:
                if is_page_list(block):
                    self._in_list, self._in_index = True, is_index(block)
                self._in_list = self._in_list and may_be_entry(block, is_index=self._in_index)
                self._add(Paragraph.on(block, number), may_go_on=not place)

    def close(self) -> None:
        """Adds the last paragraph."""
        if self._open is not None:
            self.builder.add(self._open)
        self._open = None

    @property
    def _is_empty(self) -> bool:
        return self._open is None and self.builder.is_empty

    def _add(self, paragraph: Paragraph, *, may_go_on: bool) -> None:
        if self._open and may_go_on and goes_on(self._open.text, paragraph.text):
            self._open = join_paragraphs([self._open, paragraph], " ")
            return
        self.close()
        self._open = paragraph

    def _add_listed(self, heading: str, number: int | None) -> None:
        """Adds a heading that the list of contents names. A text that begins with one does not say its title."""
        self.close()
        self.title = self.title or ""
        if heading.startswith(CHAPTER):
            self.builder.open(*parse_outline_entry(heading.removeprefix(CHAPTER)))
        else:
            self.builder.append(Paragraph.on(heading, number))

    def _without_pictures(self, block: str) -> str:
        text = _PICTURE.sub("", block)
        self.pictures += count_characters(block) - count_characters(text)
        return text.strip()

    def _without_title(self, block: str) -> str:
        if self.title is None:
            line, _, rest = block.partition("\n")
            if len(line) > _MOST_TITLE_CHARACTERS or (line.endswith(".") and has_sentence(line)):
                return block
            self.title, block = line, rest.strip()
        elif self._title_key is not None and entry_key(block) == self._title_key:
            return ""
        names = parse_byline(block)
        if names and not self.authors:
            self.authors = names
        return "" if names and self.authors == names else block

    def _joined(self, lines: list[str]) -> str:
        """Joins wrapped lines. A list item, a line `by A and B`, the line after a heading and entries stay separate."""
        if self._in_list and may_be_entry("\n".join(lines), is_index=self._in_index):
            return "\n".join(line.strip() for line in lines)
        parts: list[list[str]] = []
        lettered = _lettered(lines)
        for at, line in enumerate(lines):
            stripped = line.strip()
            if parts and parts[-1][0] in _BULLETS:
                parts[-1] = [f"{parts[-1][0]} {stripped}"]
                continue
            if not parts or at in lettered or self._keeps_line(stripped, parts[-1]):
                parts.append([])
            parts[-1].append(stripped)
        return "\n".join(join_lines(part, self._vocabulary) for part in parts)

    def _keeps_line(self, line: str, before: list[str]) -> bool:
        is_byline = self._is_empty and bool(parse_byline(line))
        is_below_heading = len(before) == 1 and (parse_heading(before[0]) or parse_part(before[0]))
        return bool(_LIST_ITEM.match(line)) or line in _BULLETS or is_byline or bool(is_below_heading)


def _lettered(lines: Sequence[str]) -> frozenset[int]:
    """Returns the places of the items `a.`, `b.`, `c.` of a list. A letter alone is an initial."""
    places: list[int] = []
    for at, line in enumerate(lines):
        match = _LETTERED.match(line.strip())
        if match and ord(match[1]) == ord("a") + len(places):
            places.append(at)
    return frozenset(places) if len(places) > 1 else frozenset()
