"""A list of contents with dots and pages ("Norms ..... 12"), and the headings that it names, in a plain text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.headings import is_page_list
from plccoach_api.corpus.readers.page_lists import entry_key

_LEAST_DOTS, _LEAST_ELLIPSES = 4, 2
_PAGE_CHARACTERS = "0123456789ivxl"
_MOST_PAGE_CHARACTERS = 6
_MOST_CHARACTERS = 400
_LEAST_ENTRIES = 5
# The lines of one entry, such as its number, its title and the rest of its title.
_MOST_LINES = 3
# Lines without dots between two entries: the rest of a title, or a head of a page.
_MOST_GAP = 6
# So many entries in a row may name no line, because the text words them otherwise.
_MOST_MISSING = 8
_SUB_NUMBER = re.compile(r"\(?\d{1,3}\.\d{1,3}")
_LEAST_LETTERS = 3
_LEAST_CAPITALS = 3
CHAPTER, SECTION = "# ", "### "


@dataclass(frozen=True, slots=True)
class Listed:
    """The lines of a text, each heading as `# Title` or `### Title` between empty lines, and without the list."""

    pages: list[list[str]]
    headings: frozenset[str]
    characters: int = 0


def with_listed_headings(pages: list[list[str]]) -> Listed:
    """Finds the headings in the order of the list. A text in which most entries are missing stays as it is."""
    lines = [
        (page, at, line.strip()) for page, each in enumerate(pages) for at, line in enumerate(each) if line.strip()
    ]
    span = _span(lines)
    entries = _entries([line for _, _, line in lines[span.start : span.stop]])
    found = _found(entries, [*lines[: span.start], *lines[span.stop :]])
    if len(entries) < _LEAST_ENTRIES or 2 * len({*found.values()}) < len(entries):
        return Listed(pages, frozenset())
    chapters = _chapters(entries)
    listed = {(page, at) for page, at, _ in lines[span.start : span.stop]}
    marked = {place: (CHAPTER if entry in chapters else SECTION) + entry for place, entry in found.items()}
    return Listed(
        [[*_marked(page, each, listed, marked)] for page, each in enumerate(pages)],
        frozenset(marked.values()),
        sum(count_characters(line) for _, _, line in lines[span.start : span.stop]),
    )


def _span(lines: Sequence[tuple[int, int, str]]) -> range:
    """Returns the places of the list: from its heading, or the first entry, to the last entry of the first list."""
    dotted = [at for at, (_, _, line) in enumerate(lines) if _title_of(line) is not None]
    if not dotted:
        return range(0)
    end = dotted[0]
    for at in dotted:
        if at - end > _MOST_GAP:
            break
        end = at
    heading = (at for at in range(max(0, dotted[0] - _MOST_LINES), dotted[0]) if is_page_list(lines[at][2]))
    return range(next(heading, dotted[0]), end + 1)


def _title_of(line: str) -> str | None:
    """Returns the title of an entry, without its dots and its page."""
    text = line.strip()
    dotted = text.rstrip(_PAGE_CHARACTERS)
    title = dotted.rstrip(" .\u2026")
    leaders = dotted[len(title) :]
    has_leaders = leaders.count(".") >= _LEAST_DOTS or leaders.count("\u2026") >= _LEAST_ELLIPSES
    is_entry = has_leaders and len(text) <= _MOST_CHARACTERS and len(text) - len(dotted) <= _MOST_PAGE_CHARACTERS
    return title if is_entry else None


def _entries(lines: Sequence[str]) -> list[str]:
    entries: list[str] = []
    parts: list[str] = []
    for line in lines:
        title = _title_of(line)
        parts.append(line if title is None else title)
        if title is not None:
            entries.append(" ".join(" ".join(parts[-_MOST_LINES:]).split()))
        if title is not None or is_page_list(line):
            parts = []
    return [entry for entry in entries if sum(map(str.isalpha, entry)) >= _LEAST_LETTERS]


def _found(entries: Sequence[str], lines: Sequence[tuple[int, int, str]]) -> dict[tuple[int, int], str]:
    """Returns the entries by the place of their line. Of a title on two lines, the second has the place, too."""
    keys = [entry_key(entry) for entry in entries]
    found: dict[tuple[int, int], str] = {}
    reached = 0
    for place, (page, at, line) in enumerate(lines):
        following = lines[place + 1][2] if place + 1 < len(lines) else ""
        for text, further in ((line, ()), (f"{line} {following}", lines[place + 1 : place + 2])):
            key = entry_key(text)
            match = next(
                (each for each in range(reached, reached + _MOST_MISSING) if keys[each : each + 1] == [key]), None
            )
            if match is not None and (page, at) not in found:
                found[page, at] = entries[match]
                found |= {(each[0], each[1]): "" for each in further}
                reached = match + 1
                break
    return found


def _chapters(entries: Sequence[str]) -> frozenset[str]:
    """Returns the entries in capitals of a list that has others, too, or else those without a number such as 3.1."""
    capitals = frozenset(entry for entry in entries if entry.isupper())
    if len(capitals) >= _LEAST_CAPITALS and len(capitals) < len({*entries}):
        return capitals
    return frozenset(entry for entry in entries if not _SUB_NUMBER.match(entry))


def _marked(
    page: int, lines: Sequence[str], listed: set[tuple[int, int]], marked: Mapping[tuple[int, int], str]
) -> Iterator[str]:
    for at, line in enumerate(lines):
        if (page, at) in listed:
            continue
        heading = marked.get((page, at))
        if heading is None:
            yield line
        elif heading.strip("# "):
            yield from ("", heading, "")
