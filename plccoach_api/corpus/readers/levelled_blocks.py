"""Gathers the blocks of a Markdown text or a DOCX, of which headings have a level, into the chapters of a book."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plccoach_api.corpus.book import Paragraph, join_paragraphs
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.front_matter import FrontMatter
from plccoach_api.corpus.readers.headings import (
    is_back_matter,
    is_bare_heading,
    is_front_matter,
    is_page_list,
    is_part,
    parse_heading,
    parse_number_alone,
    parse_outline_entry,
)
from plccoach_api.corpus.readers.page_lists import plain_words
from plccoach_api.corpus.readers.parsed_book import ParsedBook, list_left_out, parse_byline

# "- Goals", "(b) Goals" and "1.2 Goals"
_ITEM = re.compile(r"- |\(?[\w.]{1,8}[.)] |\d{1,4}(?:\.\d{1,4}){1,8} ")
_YEAR = re.compile(r"(?:Year|Date|Published): (?:.{0,20}\D)?(?P<year>\d{4})(?:\D.{0,20})?", re.IGNORECASE)
_SECTION_LEVEL = 3
_LOWEST_LEVEL = 6
_SEVERAL = 3
# The only heading of a text is no title if so many paragraphs stand above it.
_MOST_ABOVE_TITLE = 10


@dataclass(frozen=True, slots=True)
class LevelledBlock:
    """`level` is 0 for a paragraph or a list, and 1 to 6 for a heading, which may say that it has no number."""

    paragraph: Paragraph
    level: int = 0
    is_numbered: bool = True


def build(head: FrontMatter, blocks: Sequence[LevelledBlock], left_out: Counter[str]) -> ParsedBook:
    """Finds the title and the level of the chapters, and gathers the blocks into them."""
    title_at = _find_title(blocks, head)
    builder = ChapterBuilder()
    authors, year = add_blocks(builder, blocks, title_at, _chapter_level(blocks, title_at))
    for each in builder.left_out():
        left_out[each.reason] += each.characters
    title = head.title or (None if title_at is None else blocks[title_at].paragraph.text)
    chapters = builder.chapters()
    return ParsedBook(
        title, head.authors or authors, head.year or year, chapters, head.edition, list_left_out(left_out)
    )


def add_blocks(
    builder: ChapterBuilder, blocks: Sequence[LevelledBlock], title_at: int | None, chapter_level: int
) -> tuple[tuple[str, ...], int | None]:
    """Adds the chapters and their paragraphs, and returns the authors and the year of the title page."""
    authors: tuple[str, ...] = ()
    year: int | None = None
    has_bare_numbers = _has_bare_numbers(blocks, chapter_level)
    for at, block in enumerate(blocks):
        paragraph = block.paragraph
        if at == title_at:
            continue
        if 0 < block.level <= chapter_level:
            builder.open(*_chapter_of(paragraph.text, has_bare_numbers=has_bare_numbers))
        elif block.level:
            mark = "#" * min(max(_SECTION_LEVEL, block.level - chapter_level + _SECTION_LEVEL - 1), _LOWEST_LEVEL)
            builder.append(paragraph.prefixed(f"{mark} "))
        elif builder.is_empty:
            paragraph, authors, year = _read_title_page(paragraph, authors, year)
            if paragraph.text:
                builder.append(_unwrapped(paragraph))
        else:
            builder.append(_unwrapped(paragraph))
    return authors, year


def _read_title_page(
    paragraph: Paragraph, authors: tuple[str, ...], year: int | None
) -> tuple[Paragraph, tuple[str, ...], int | None]:
    """Returns the paragraph without the lines of the authors and the year, and what these say."""
    lines = paragraph.text.split("\n")
    while lines:
        if not authors and (names := parse_byline(lines[0])):
            authors = names
        elif year is None and (match := _YEAR.fullmatch(lines[0])):
            year = int(match["year"])
        else:
            break
        lines.pop(0)
    rest = "\n".join(lines)
    return paragraph.part(len(paragraph.text) - len(rest)), authors, year


def _unwrapped(paragraph: Paragraph) -> Paragraph:
    """Returns a paragraph on one line. The items of a list and the rows of a table keep theirs."""
    lines = paragraph.text.split("\n")
    has_lines = re.match(r"(?:- |\d+\. |\| )", lines[0]) or all(map(_ITEM.match, lines))
    return paragraph if has_lines else replace(paragraph, text=paragraph.text.replace("\n", " "))


def _find_title(blocks: Sequence[LevelledBlock], head: FrontMatter) -> int | None:
    """Returns the index of the heading that is the book's title: the first one, unless it begins a chapter.

    Below other text, such as a title page without styles, the first of several headings of a level begins a chapter.
    """
    levels = [block.level for block in blocks if block.level]
    if not levels:
        return None
    at = next(at for at, block in enumerate(blocks) if block.level)
    text, level = blocks[at].paragraph.text, blocks[at].level
    if head.title:
        same = plain_words(text) in {plain_words(head.title), plain_words(head.title.partition(":")[0])}
        return at if same else None
    is_chapter = parse_heading(text) or is_part(text) or is_front_matter(text) or is_back_matter(text)
    is_top = level == min(levels) and (level == 1 or levels.count(level) == 1)
    is_first_of_several = at > 0 and levels.count(level) >= _SEVERAL
    is_far_below = at > _MOST_ABOVE_TITLE
    return at if is_top and not (is_chapter or is_first_of_several or is_far_below or is_page_list(text)) else None


def _chapter_level(blocks: Sequence[LevelledBlock], title_at: int | None) -> int:
    """Returns the level of the numbered chapters or, without any, the first level that has several headings."""
    headings = [block for at, block in enumerate(blocks) if block.level and at != title_at]
    numbered = Counter(block.level for block in headings if parse_heading(block.paragraph.text))
    if numbered:
        return numbered.most_common(1)[0][0]
    levels = Counter(block.level for block in headings if not is_part(block.paragraph.text))
    several = [level for level, count in sorted(levels.items()) if count > 1]
    return several[0] if several else min(levels, default=2)


def _chapter_of(text: str, *, has_bare_numbers: bool) -> tuple[int | None, str]:
    """Returns a chapter's number and title. `3 Ways to Begin` has a number only if all chapters have one."""
    is_bare = re.match(r"\d+\s", text) is not None
    return (None, text) if is_bare and not has_bare_numbers else parse_outline_entry(text)


def _has_bare_numbers(blocks: Sequence[LevelledBlock], chapter_level: int) -> bool:
    texts = [block.paragraph.text for block in blocks if block.level == chapter_level]
    numbers = [int(match[1]) for text in texts if (match := re.match(r"(\d{1,3})\s", text))]
    return len(numbers) > 1 and numbers in ([*range(1, len(numbers) + 1)], [*range(len(numbers))])


def with_titles_below(blocks: Sequence[LevelledBlock]) -> list[LevelledBlock]:
    """Joins `# Chapter 3`, or `# 3`, with the heading below it, if every such heading has one below it."""
    bare = [at for at, block in enumerate(blocks) if block.level and _is_bare(block.paragraph.text)]
    if not bare or not all(_is_title_below(blocks, at) for at in bare):
        return list(blocks)
    below = {at + 1 for at in bare}
    return [
        replace(block, paragraph=join_paragraphs([_plain(block), _without_stops(blocks[at + 1])], ": "))
        if at + 1 in below
        else block
        for at, block in enumerate(blocks)
        if at not in below
    ]


def _is_bare(text: str) -> bool:
    is_chapter = is_bare_heading(text) and parse_heading(text) is not None
    return is_chapter or parse_number_alone(text) is not None


def _is_title_below(blocks: Sequence[LevelledBlock], at: int) -> bool:
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    level = blocks[at].level
    return below is not None and level <= below.level <= level + 1 and not parse_heading(below.paragraph.text)


def _plain(block: LevelledBlock) -> Paragraph:
    number = _without_stops(block)
    return number if parse_number_alone(number.text) is None else number.prefixed("Chapter ")


def _without_stops(block: LevelledBlock) -> Paragraph:
    return block.paragraph.part(0, len(block.paragraph.text.rstrip(".")))
