"""Divides the blocks of a PDF into chapters, by its outline or else by its headings."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from plccoach_api.corpus.book import Paragraph
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.headings import is_bare_appendix, is_page_list, parse_heading, parse_outline_entry
from plccoach_api.corpus.readers.page_lists import title_keys
from plccoach_api.corpus.readers.pdf.layout import Block
from plccoach_api.corpus.readers.pdf.outline import PART, Outline

_NUMBER = re.compile(r"(?:\d{1,3}|[IVXL]{1,6})\.?")
# "1.2 Norms" is the heading of a section.
_SECTION = re.compile(r"\d{1,3}(?:\.\d{1,3})+\s")
_LONGEST_TITLE = 300
_LONGEST_NEW_CHAPTER = 100
_SMALLEST = 1.0
_LEAST_LETTERS = 3
_LEAST_NAMED = 3
_TITLE_PAGES = 4
_MOST_TITLE_PAGE_CHARACTERS = 400
_WORD = re.compile(r"[^\W\d_]{2,}")
_APPENDIX = re.compile(r"^appendix\s(?:[a-z]|\d{1,2}|[ivx]{1,5})(?!\w)[:.\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the outline. `has_heading` says that a line of its page repeats its title."""

    title: str
    has_heading: bool


def build_chapters(blocks: Sequence[Block], outline: Outline, title: str | None) -> ChapterBuilder:
    blocks = _join_numbers_and_titles([_without_picture_size(block) for block in blocks])
    titles = {entry for entries in outline.chapters.values() for entry in entries}
    has_chapters = len(titles) >= _LEAST_NAMED or (titles and not _named_sizes(blocks, title))
    return _build_by_outline(blocks, outline, title) if has_chapters else _build_by_headings(blocks, title)


def _without_picture_size(block: Block) -> Block:
    """Returns what a font draws in large type, such as "* * *" or "25 + 37", as text: it is no heading."""
    is_heading = _has_word(block.text) or block.text.rstrip(".:").isalnum() or parse_heading(block.text)
    return block if is_heading else replace(block, heading_size=0.0)


def find_title(blocks: Sequence[Block]) -> str | None:
    """Returns the largest heading of the first page, for a book that does not say its title otherwise.

    A numbered heading is that of a chapter. Where the first page is a picture, the next page of few words is the
    title page.
    """
    characters: Counter[int] = Counter()
    for block in blocks:
        characters[block.page] += len(block.text)
    headings = [
        block
        for block in blocks
        if block.page < _TITLE_PAGES
        and block.heading_size
        and sum(map(str.isalpha, block.text)) >= _LEAST_LETTERS
        and not is_page_list(block.text)
        and parse_outline_entry(block.text)[0] is None
        and not _SECTION.match(block.text)
    ]
    few = (block.page for block in headings if characters[block.page] <= _MOST_TITLE_PAGE_CHARACTERS)
    page = 0 if characters[0] else next(few, 0)
    titles = [block for block in headings if block.page == page]
    return max(titles, key=lambda block: block.heading_size).text if titles else None


def _join_numbers_and_titles(blocks: Sequence[Block]) -> list[Block]:
    """Joins `Chapter 4`, or a 4 alone, with the heading under it, which is the chapter's title.

    A single number may be the page's.
    """
    has_numbers = (
        sum(
            _is_above_title(last, block) and _NUMBER.fullmatch(last.text) is not None
            for last, block in pairwise(blocks)
        )
        > 1
    )
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        prefix = _number_of_title(last.text) if last and (has_numbers or not _NUMBER.fullmatch(last.text)) else None
        if last and prefix and _is_above_title(last, block):
            paragraph = block.paragraph.prefixed(f"{prefix}: ")
            joined[-1] = replace(last, paragraph=paragraph, heading_size=max(last.heading_size, block.heading_size))
        else:
            joined.append(block)
    return _without_stray_numbers(joined)


def _without_stray_numbers(blocks: Sequence[Block]) -> list[Block]:
    """Returns numbers in large type as text, unless they count chapters that have no other title."""
    numbers = [int(block.text) for block in blocks if _is_number_alone(block)]
    counts = len(numbers) > 1 and numbers == [*range(numbers[0], numbers[0] + len(numbers))]
    return [replace(block, heading_size=0.0) if _is_number_alone(block) and not counts else block for block in blocks]


def _is_number_alone(block: Block) -> bool:
    return bool(block.heading_size) and block.text.isdecimal()


def _is_above_title(last: Block, block: Block) -> bool:
    are_headings = last.heading_size and block.heading_size and last.page == block.page
    return bool(are_headings) and parse_heading(block.text) is None and _has_word(block.text)


def _has_word(text: str) -> bool:
    """Returns False for what a figure has in large type, such as "25 + 37" and "XXX"."""
    return any(len({*word.lower()}) > 1 for word in _WORD.findall(text))


def _number_of_title(text: str) -> str | None:
    """Returns `Chapter 4` for a heading that is only a number."""
    if _NUMBER.fullmatch(text):
        return f"Chapter {text.rstrip('.')}"
    if is_bare_appendix(text):
        return text.rstrip(".:")
    heading = parse_heading(text)
    is_only_number = heading is not None and heading[1].rstrip(".:") == text.rstrip(".:")
    return text.rstrip(".:") if is_only_number else None


def _build_by_headings(blocks: Sequence[Block], title: str | None) -> ChapterBuilder:
    builder = ChapterBuilder()
    chapter_sizes = Counter(block.heading_size for block in blocks if parse_heading(block.text))
    # Where chapters have headings that are set as headings, a line like `Chapter 4` in the text is none.
    are_set = sum(chapter_sizes.values()) - chapter_sizes[0.0] > 1
    if are_set:
        del chapter_sizes[0.0]
    has_chapter_headings = bool(chapter_sizes)
    size = max(chapter_sizes, key=chapter_sizes.__getitem__) if chapter_sizes else _chapter_size(blocks, title)
    open_title: str | None = None
    for block in blocks:
        if block.heading_size and is_same(block.text, title):
            continue
        # Among chapters with numbers, a heading at the top of a page may be an introduction or a conclusion.
        is_like_chapter = bool(size) and block.heading_size == size and not parse_heading(block.text)
        # A long heading is text in large type, and one that repeats the last, as on slides, goes on with its chapter.
        is_like_chapter &= len(block.text) <= _LONGEST_NEW_CHAPTER and not is_same(block.text, open_title)
        if is_like_chapter and (block.is_first_of_page or not has_chapter_headings):
            builder.open(*parse_outline_entry(block.text))
            open_title = block.text
        elif are_set and not block.heading_size and parse_heading(block.text):
            builder.append(block.paragraph)
        else:
            builder.add(_paragraph(block))
    return builder


def _build_by_outline(blocks: Sequence[Block], outline: Outline, title: str | None) -> ChapterBuilder:
    """Begins a chapter at the heading that repeats its title, or, without such a heading, at the top of its page."""
    builder = ChapterBuilder()
    has_numbers = any(parse_outline_entry(entry)[0] for entries in outline.chapters.values() for entry in entries)
    blocks = _with_named_sections(blocks, outline.titles)
    headings = _find_headings(blocks)
    last_page, pending = -1, list[_Entry]()
    for block in blocks:
        for page in range(last_page + 1, block.page + 1):
            pending += [_Entry(entry, bool(_keys(entry) & headings[page])) for entry in outline.chapters.get(page, ())]
        last_page = max(last_page, block.page)
        if block.heading_size and is_same(block.text, title):
            continue
        count, is_title = _count_begun(block, pending)
        if count:
            # The bookmarks before the last have no text of their own.
            number, name = parse_outline_entry(pending[count - 1].title)
            if number is None and is_title:
                number = parse_outline_entry(block.text)[0]
            has_numbers |= number is not None
            builder.open(number, name)
        pending = pending[count:]
        if is_title:
            continue
        # The notes of a book repeat its headings. They begin no chapter when the outline has the chapters.
        if has_numbers and parse_heading(block.text):
            builder.append(block.paragraph.prefixed("### ") if block.heading_size else block.paragraph)
        else:
            builder.add(_paragraph(block))
    return builder


def _with_named_sections(blocks: Sequence[Block], titles: Mapping[int, Sequence[str]]) -> list[Block]:
    """Returns the lines that a bookmark of their page names as headings, whatever their size."""
    keys = {page: {key for title in names for key in _section_keys(title)} for page, names in titles.items()}
    return [
        replace(block, heading_size=_SMALLEST)
        if not block.heading_size
        and len(block.text) <= _LONGEST_TITLE
        and _section_keys(block.text) & keys.get(block.page, set())
        else block
        for block in blocks
    ]


def _section_keys(text: str) -> set[str]:
    """Returns the keys of `1.2 Norms` with its number and without."""
    number = _SECTION.match(text)
    return _keys(text) | (_keys(text[number.end() :]) if number else set())


def _find_headings(blocks: Sequence[Block]) -> Mapping[int, set[str]]:
    """Returns by page the texts that may be the heading of a chapter."""
    headings: defaultdict[int, set[str]] = defaultdict(set)
    for block in blocks:
        if len(block.text) <= _LONGEST_TITLE:
            headings[block.page] |= _keys(block.text)
    return headings


def _count_begun(block: Block, pending: Sequence[_Entry]) -> tuple[int, bool]:
    """Returns how many of the pending chapters begin at a block, and whether the block is the title of one."""
    if not pending:
        return 0, False
    is_short = len(block.text) <= _LONGEST_TITLE
    keys = _keys(block.text) if is_short else set()
    match = next((index for index, entry in enumerate(pending) if keys & _keys(entry.title)), None)
    if match is not None:
        return match + 1, True
    if block.heading_size and parse_heading(block.text):
        # A heading `Chapter 4` may stand alone above the title. The outline's entry has the number already.
        return (0 if _number_of_title(block.text) else len(pending)), True
    if block.heading_size:
        return 0, False
    return next((index for index, entry in enumerate(pending) if entry.has_heading), len(pending)), False


def _paragraph(block: Block) -> Paragraph:
    is_heading = block.heading_size and parse_heading(block.text) is None
    return block.paragraph.prefixed("### ") if is_heading else block.paragraph


def _keys(text: str) -> set[str]:
    """Returns the forms of a title by which it is compared. Two titles may differ in marks and the number."""
    forms = (text, parse_outline_entry(text)[1], _APPENDIX.sub("", text))
    return {key for form in forms if (key := "".join(filter(str.isalnum, form.lower())))}


def is_same(one: str, other: str | None) -> bool:
    return other is not None and "".join(one.lower().split()) == "".join(other.lower().split())


def _chapter_size(blocks: Sequence[Block], title: str | None) -> float | None:
    """Returns the largest size that several headings share, if possible of those that the list of contents names."""
    sizes = Counter(block.heading_size for block in _headings(blocks, title))
    several = (size for size, count in sizes.items() if count > 1)
    return max(_named_sizes(blocks, title) or several, default=None)


def _headings(blocks: Sequence[Block], title: str | None) -> list[Block]:
    """Returns the headings that may be those of chapters. The headings of parts may not."""
    return [
        block
        for block in blocks
        if block.heading_size and not is_same(block.text, title) and not PART.fullmatch(block.text)
    ]


def _named_sizes(blocks: Sequence[Block], title: str | None) -> list[float]:
    """Returns the sizes that several headings share which the list of contents names."""
    listed = {key for line in _listed(blocks) for key in title_keys(line)}
    sizes = Counter(block.heading_size for block in _headings(blocks, title) if title_keys(block.text) & listed)
    return [size for size, count in sizes.items() if count >= _LEAST_NAMED]


def _listed(blocks: Sequence[Block]) -> Sequence[str]:
    """Returns the lines of the list of contents."""
    builder = ChapterBuilder()
    for block in blocks:
        builder.add(_paragraph(block))
    return builder.listed()
