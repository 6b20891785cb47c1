"""Counts the numbers that Word prints before headings and the items of lists. They are not in the text of a DOCX."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from docx.oxml.ns import qn

from plccoach_api.corpus.readers.docx.values import number_of, value_of

_NUMBER = re.compile(r"%([1-9])")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LETTERS = 26
_MOST_ROMAN = 3999
_MOST_LEVELS = 9
BULLET = "-"


class _Level(NamedTuple):
    format: str
    text: str
    start: int
    style: str


class Numbering:
    """Counts the paragraphs in their order. The numbers of a list go on until another list begins."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counts: dict[str, list[int]] = {}
        self._begun: set[str] = set()
        for each in root.iter(qn("w:abstractNum")) if root is not None else ():
            self._levels[each.get(qn("w:abstractNumId"), "")] = dict(map(_level, each.iter(qn("w:lvl"))))
        for each in root.iter(qn("w:num")) if root is not None else ():
            overrides = dict(_overrides(each))
            self._lists[each.get(qn("w:numId"), "")] = (value_of(each, "w:abstractNumId") or "", overrides)

    def label(self, number: str, level: int | None, style: str | None) -> str | None:
        """Returns `Chapter 2`, `2.1`, `c)`, or BULLET for the next paragraph of a list; None for no known list.

        A paragraph that does not say its level has that of its style.
        """
        if number not in self._lists:
            return None
        abstract, overrides = self._lists[number]
        levels = self._levels.get(abstract, {})
        if level is None:
            level = next((at for at, each in levels.items() if style and each.style == style), 0)
        if level not in levels:
            return None
        counts = self._counts.setdefault(abstract, [])
        if len(counts) <= level:
            counts += [levels[at].start if at in levels else 1 for at in range(len(counts), level)]
            counts.append(levels[level].start - 1)
        if number not in self._begun:
            self._begun.add(number)
            if level in overrides:
                counts[level] = overrides[level] - 1
        counts[level] += 1
        del counts[level + 1 :]
        if levels[level].format == "bullet":
            return BULLET
        return _NUMBER.sub(lambda match: _formatted(int(match[1]) - 1, counts, levels), levels[level].text).strip()


def numbering_of(properties: Any) -> tuple[str | None, int | None]:
    """Returns the list and the level that a paragraph or a style names."""
    numbers = properties.find(qn("w:numPr")) if properties is not None else None
    if numbers is None:
        return None, None
    return value_of(numbers, "w:numId"), number_of(value_of(numbers, "w:ilvl"), None)


def _level(element: Any) -> tuple[int, _Level]:
    at = number_of(element.get(qn("w:ilvl")), 0)
    return min(at, _MOST_LEVELS), _Level(
        value_of(element, "w:numFmt") or "decimal",
        value_of(element, "w:lvlText") or "",
        number_of(value_of(element, "w:start"), 1),
        value_of(element, "w:pStyle") or "",
    )


def _overrides(element: Any) -> Iterator[tuple[int, int]]:
    for each in element.iter(qn("w:lvlOverride")):
        if start := value_of(each, "w:startOverride"):
            yield number_of(each.get(qn("w:ilvl")), 0), number_of(start, 1)


def _formatted(level: int, counts: list[int], levels: dict[int, _Level]) -> str:
    if level >= len(counts):
        return ""
    number = counts[level]
    kind = levels[level].format if level in levels else "decimal"
    if kind in {"lowerLetter", "upperLetter"} and number > 0:
        letters = chr(ord("a") + (number - 1) % _LETTERS) * ((number - 1) // _LETTERS % _LETTERS + 1)
        return letters if kind == "lowerLetter" else letters.upper()
    if kind in {"lowerRoman", "upperRoman"} and 0 < number <= _MOST_ROMAN:
        return _roman(number) if kind == "lowerRoman" else _roman(number).upper()
    return "" if kind == "none" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
