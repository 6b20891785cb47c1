"""The chapters of a plain text that does not write "Chapter": numerals alone, or numerals with a title in capitals."""

import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise

from plccoach_api.corpus.readers.headings import is_page_list, parse_heading, parse_part
from plccoach_api.rules.numerals import NUMERAL, parse_numeral

_NUMERAL = re.compile(rf"(?P<number>{NUMERAL})\.?", re.IGNORECASE)
# "ADVENTURE I. A SCANDAL IN BOHEMIA", and "VII. THE ADVENTURE OF THE BLUE CARBUNCLE".
_NUMERAL_AND_TITLE = re.compile(
    rf"(?:[^\W\d_]{{3,12}} )?(?P<number>{NUMERAL})[.:] +(?P<title>[^\W\d].{{0,150}})", re.IGNORECASE
)
_LEAST_CHAPTERS = 3
_LINES_WITH_TITLE = 2

# Returns the number of a block that is a heading, and the heading with the word "Chapter".
HeadingOf = Callable[[list[str]], tuple[int, str] | None]


def blocks_of(lines: list[str]) -> Iterator[list[str]]:
    """Splits a page at empty lines."""
    block: list[str] = []
    for line in chain(lines, [""]):
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def heading_by_numeral(blocks: list[list[str]]) -> HeadingOf:
    """Returns the function that reads the headings of a book that does not write "Chapter" in them.

    They count from one through the book, or through each of its parts.
    """
    if not any(parse_heading(block[0]) for block in blocks):
        for heading_of in (_numeral_with_title, _numeral_alone):
            numbers = [found[0] for block in blocks if (found := heading_of(block))]
            if _counts(numbers, in_parts=heading_of is _numeral_with_title):
                return heading_of
    return _no_heading


def contents_of(blocks: list[list[str]]) -> range:
    """Returns the indexes of a list of contents that says more of each chapter than its title.

    All its numerals come again in the same order, as the headings of the chapters.
    """
    found = [(at, heading[0]) for at, block in enumerate(blocks) if (heading := _numeral_with_title(block))]
    half = len(found) // 2
    numbers = [number for _, number in found]
    if numbers[:half] != numbers[half:] or not _counts(numbers[:half], in_parts=True):
        return range(0)
    lists = (at for at, block in enumerate(blocks[: found[0][0]]) if is_page_list(" ".join(block)))
    start = next(lists, None)
    return range(0) if start is None else range(start, found[half - 1][0] + 1)


def _counts(numbers: list[int], *, in_parts: bool) -> bool:
    goes_on = (after == before + 1 or (in_parts and after == 1) for before, after in pairwise(numbers))
    return len(numbers) >= _LEAST_CHAPTERS and numbers[:_LEAST_CHAPTERS] == [1, 2, 3] and all(goes_on)


def _no_heading(block: list[str]) -> None:  # noqa: ARG001 - it stands for the other two
    return None


def _numeral_alone(block: list[str]) -> tuple[int, str] | None:
    """Reads a block that is a number alone, or above one line in capitals."""
    is_heading = len(block) == 1 or (len(block) == _LINES_WITH_TITLE and block[1].isupper())
    match = _NUMERAL.fullmatch(block[0].strip()) if is_heading else None
    return (parse_numeral(match["number"]), f"Chapter {block[0].strip()}") if match else None


def _numeral_with_title(block: list[str]) -> tuple[int, str] | None:
    line = block[0].strip()
    match = _NUMERAL_AND_TITLE.fullmatch(line) if len(block) == 1 and line.isupper() else None
    if match is None or parse_part(line):
        return None
    return parse_numeral(match["number"]), f"Chapter {match['number']}: {match['title']}"
