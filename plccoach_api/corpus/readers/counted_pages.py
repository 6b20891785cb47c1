"""The pages of a plain text without form feeds in which each page's number stands on a line between empty lines."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_ROMAN = re.compile(r"[ivxl]{1,6}")
_MOST_DIGITS = 4
_LEAST_PAGES = 5
# Numbers that head chapters break no sentence. Of the numbers of pages, at least one in ten does.
_LEAST_SHARE = 0.1
_LEAST_BROKEN = 2
_SENTENCE_END = re.compile(r"[.!?:;][\"')\u201d\u2019*]*$")


class NumberedPage(NamedTuple):
    number: int | None
    lines: list[str]


def split_at_numbers(lines: Sequence[str]) -> list[NumberedPage] | None:
    """Returns the pages without the lines of their numbers, or None for a text that does not number them.

    The numbers stand at the heads of the pages when no text is above the first one, and at their feet otherwise.
    """
    marks = _marks(lines)
    if len(marks) < _LEAST_PAGES or not _break_sentences(lines, marks):
        return None
    preface = _roman_marks(lines, marks[0])
    are_heads = not any(line.strip() for line in lines[: (preface or marks)[0]])
    starts = [0, *(at + 1 for at in preface), *(at + 1 for at in marks)]
    ends = [*preface, *marks, len(lines)]
    numbers: list[int | None] = [None] * len(preface)
    counted = [*range(1, len(marks) + 1)]
    numbers = [None, *numbers, *counted] if are_heads else [*numbers, *counted, None]
    pages = [
        NumberedPage(number, [*lines[start:end]]) for number, start, end in zip(numbers, starts, ends, strict=True)
    ]
    return [page for page in pages if any(line.strip() for line in page.lines)]


def _marks(lines: Sequence[str]) -> list[int]:
    """Returns the places of the lines that count on from one."""
    marks: list[int] = []
    for at, line in enumerate(lines):
        text = line.strip()
        if text.isdecimal() and len(text) <= _MOST_DIGITS and int(text) == len(marks) + 1 and _is_alone(lines, at):
            marks.append(at)
    return marks


def _roman_marks(lines: Sequence[str], end: int) -> list[int]:
    return [at for at in range(end) if _ROMAN.fullmatch(lines[at].strip()) and _is_alone(lines, at)]


def _is_alone(lines: Sequence[str], at: int) -> bool:
    return not any(line.strip() for line in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]))


def _break_sentences(lines: Sequence[str], marks: Sequence[int]) -> bool:
    broken = sum(goes_on(_last(lines, at), _first(lines, at)) for at in marks)
    return broken >= max(_LEAST_BROKEN, _LEAST_SHARE * len(marks))


def goes_on(before: str, after: str) -> bool:
    """Returns True if a sentence that is not at its end goes on with these words."""
    return bool(before) and after[:1].islower() and _SENTENCE_END.search(before.rstrip()) is None


def _last(lines: Sequence[str], at: int) -> str:
    return next((line for line in reversed(lines[max(0, at - 5) : at]) if line.strip()), "").strip()


def _first(lines: Sequence[str], at: int) -> str:
    return next((line for line in lines[at + 1 : at + 6] if line.strip()), "").strip()
