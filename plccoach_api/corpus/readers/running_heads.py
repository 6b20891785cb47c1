"""Finds page numbers, and the heads and feet that pages share: they are not part of a book's text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from plccoach_api.corpus.readers.headings import looks_like_title, parse_heading

_PAGE_NUMBER = re.compile(r"(?:page\s+|p\.\s*)?(?:\d{1,4}|[ivxlc]{1,8})(?:\s+of\s+\d+)?", re.IGNORECASE)
_PRINTED_NUMBER = re.compile(
    r"[\W_]{0,3}(?:page\s+|seite\s+|p[a\u00e1]gina\s+|p\.\s*)?(?P<number>\d{1,4})(?:\s*(?:of|von|de|/)\s*\d{1,4})?[\W_]{0,3}",
    re.IGNORECASE,
)
_LEAST_PRINTED = 5
_LEAST_PRINTED_SHARE = 2 / 3
# A line is a running head when it appears on this share of the pages, and on at least three.
_LEAST_SHARE = 0.3
_LEAST_PAGES = 3
# A head that changes with the chapter stands on neighbouring pages, or on every other page.
_LARGEST_STEP = 2
_LONGEST_HEAD = 80
# A question or a sentence that stands at the edge of so many pages is a title.
_MANY_PAGES = 8
_MOST_DIGITS = 4
_SENTENCE_END = (".", "!", "?", ";", ",", ":")
# "12 CHAPTER 2. NORMS" and "2.1. HOW TEAMS MEET 13", but not the item "1. Norms" of a list.
_NUMBER_FIRST = re.compile(r"(?P<number>\d{1,4})(?![.)\d])\W{0,5}(?P<title>\D.*)")
_NUMBER_LAST = re.compile(r"(?<![.\d])\d{1,4}\Z")
# Running heads are looked for in the first and the last two lines of a page.
_EDGE_LINES = 2
# A head that is set larger than the text is no heading where only the number of the page differs.
_NAMED_PAGE = re.compile(r"\b(?:page|seite|p[a\u00e1]gina|pagina|str\.)\s*\d+", re.IGNORECASE)
_CHAPTER_NUMBER = r"(?<!chapter )(?<!part )(?<!unit )(?<!appendix )"
_NUMBERS = re.compile(rf"{_CHAPTER_NUMBER}\b\d+")


class _Place(NamedTuple):
    page: int
    at: int


def find_running_heads(
    pages: Sequence[Sequence[str]], headings: Sequence[AbstractSet[int]] | None = None
) -> list[set[int]]:
    """Returns for each page the indexes of its lines that are a page number or a running head.

    `headings` has for each page the lines that are set as headings. The first of several equal headings is no
    running head: the others repeat it.
    """
    headings = headings or [_parsed_headings(page) for page in pages]
    shifts = _find_shifts(pages)
    heads: list[set[int]] = [set() for _ in pages]
    places: dict[str, list[_Place]] = {}
    for number, page in enumerate(pages):
        for at in _edge(page):
            line = page[at].strip()
            counts = line.isdecimal() and len(line) <= _MOST_DIGITS and int(line) - number in shifts
            if _PAGE_NUMBER.fullmatch(line) and (counts or at not in headings[number]):
                heads[number].add(at)
                continue
            places.setdefault(_key(page[at]), []).append(_Place(number, at))
            if at not in headings[number] and _numbers_of_head(page, at) & {shift + number for shift in shifts}:
                heads[number].add(at)
    least = max(_LEAST_PAGES, _LEAST_SHARE * len(pages))
    for key, same in places.items():
        is_common = len({place.page for place in same}) >= least
        is_often = len(same) >= _MANY_PAGES
        may_change = _may_change(pages, key, same[0], may_end_sentence=is_often)
        for run in [same] if is_common else _runs(same) if may_change else ():
            for place in _without_heading(pages, run, headings):
                heads[place.page].add(place.at)
    return heads


def find_printed_shift(pages: Sequence[Sequence[str]]) -> int | None:
    """Returns by how much the numbers printed on the pages differ from the pages' places, if it is one for most."""
    shifts: Counter[int] = Counter()
    for number, page in enumerate(pages):
        shifts.update({printed - number for printed in _printed_numbers(page)})
    filled = sum(any(map(str.strip, page)) for page in pages)
    shift, count = shifts.most_common(1)[0] if shifts else (0, 0)
    return shift if count >= max(_LEAST_PRINTED, _LEAST_PRINTED_SHARE * filled) else None


def _printed_numbers(page: Sequence[str]) -> set[int]:
    edge = _edge(page)
    lines = {int(match["number"]) for at in edge if (match := _PRINTED_NUMBER.fullmatch(page[at].strip()))}
    return lines.union(*(_numbers_of_head(page, at) for at in edge))


def _find_shifts(pages: Sequence[Sequence[str]]) -> set[int]:
    """Returns by how much the numbers printed on pages differ from the pages' places.

    A number that counts on from page to page is the page's, however large it is. One of a chapter does not.
    """
    found: set[int] = set()
    runs: dict[int, int] = {}
    for number, page in enumerate(pages):
        edge = _edge(page)
        lines = {line for at in edge if (line := page[at].strip()).isdecimal() and len(line) <= _MOST_DIGITS}
        numbers = {*map(int, lines)}.union(*(_numbers_of_head(page, at) for at in edge))
        runs = {(shift := found_number - number): runs.get(shift, 0) + 1 for found_number in numbers}
        found |= {shift for shift, length in runs.items() if length >= _LEAST_PAGES}
    return found


def _numbers_of_head(page: Sequence[str], at: int) -> set[int]:
    """Returns the number beside the words of the outermost line of a page, which is the page's in a running head."""
    line = page[at].strip()
    filled = [index for index, each in enumerate(page) if each.strip()]
    if len(line) > _LONGEST_HEAD or at not in {filled[0], filled[-1]}:
        return set()
    number, title = "", ""
    if first := _NUMBER_FIRST.fullmatch(line):
        number, title = first["number"], first["title"]
    elif last := _NUMBER_LAST.search(line):
        number, title = last[0], line[: last.start()]
    return {int(number)} if number and looks_like_title(title.strip(" |/\u2013\u2014-")) else set()


def _parsed_headings(page: Sequence[str]) -> set[int]:
    return {at for at in _edge(page) if parse_heading(page[at])}


def _edge(page: Sequence[str]) -> list[int]:
    filled = [at for at, line in enumerate(page) if line.strip()]
    return sorted({*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]})


def _key(line: str) -> str:
    """Returns the line without the page's number, which is all that differs between the heads of two pages."""
    return _NUMBERS.sub("", " ".join(line.lower().split())).strip(" |\u2013\u2014-")


def _may_change(pages: Sequence[Sequence[str]], key: str, place: _Place, *, may_end_sentence: bool) -> bool:
    line = pages[place.page][place.at].strip()
    is_short = any(map(str.isalpha, key)) and len(line) <= _LONGEST_HEAD
    return is_short and (may_end_sentence or not line.endswith(_SENTENCE_END))


def _runs(places: Sequence[_Place]) -> Iterator[list[_Place]]:
    """Yields the groups of places that stand on neighbouring pages."""
    run: list[_Place] = []
    for place in places:
        if run and place.page - run[-1].page > _LARGEST_STEP:
            if run[-1].page > run[0].page:
                yield run
            run = []
        run.append(place)
    if run and run[-1].page > run[0].page:
        yield run


def _without_heading(
    pages: Sequence[Sequence[str]], run: Sequence[_Place], headings: Sequence[AbstractSet[int]]
) -> Iterator[_Place]:
    """Yields the places of a run but those of headings. Of headings with the same words only the first is one."""
    seen: set[str] = set()
    for place in run:
        words = " ".join(_NAMED_PAGE.sub("", pages[place.page][place.at].lower()).split())
        if place.at in headings[place.page] and words not in seen:
            seen.add(words)
        else:
            yield place
