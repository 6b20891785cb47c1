"""Reads the numbers of a sentence, in digits and in words, and its units of time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from plccoach_api.rules.numerals import ORDINALS, TENS, UNITS

_TENS = {word: 10.0 * index for index, word in enumerate(TENS, 2)}
_SCALES: Mapping[str, float] = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
NUMBER_WORDS: Mapping[str, float] = {
    **{word: float(value) for value, word in enumerate(UNITS[1:], 2)},
    # Up to "twelfth". "Second" is a unit of time, too.
    **{word: float(value) for value, word in enumerate(ORDINALS[2:12], 3)},
    **_TENS,
    **_SCALES,
    "thirds": 3,
    "quarters": 4,
    "fourths": 4,
    "twice": 2,
    "dozen": 12,
}

_UNITS = {
    word: unit
    for unit, words in {
        # "The second" is an ordinal.
        "second": "seconds",
        "minute": "minute minutes",
        "hour": "hour hours hourly",
        "day": "day days daily",
        "week": "week weeks weekly",
        "month": "month months monthly",
        "quarter": "quarter quarters quarterly",
        "semester": "semester semesters",
        "year": "year years yearly annual annually",
        "decade": "decade decades",
        "percent": "percent percentage",
    }.items()
    for word in words.split()
}
# Commas between short items, and "and" before the last one.
_ENUMERATION = re.compile(r"((?:, (?:[^\s,.;:()]+ ){0,6}[^\s,.;:()]+){1,8}),? (?:and|or) ")
# A number belongs to the unit that follows it within so many words.
_UNIT_WORDS = 5
_POINTING = frozenset({"the", "these", "those"})


def units_of(words: frozenset[str]) -> frozenset[str]:
    """Returns the units of time that a text has."""
    return frozenset(_UNITS[word] for word in words if word in _UNITS)


def numbers_of(words: Sequence[str]) -> dict[float, frozenset[str]]:
    """Returns the numbers except 1, each with the unit of time that follows it, if one does."""
    found: dict[float, frozenset[str]] = {}
    for number, end in places_of_numbers(words):
        if number != 1:
            following = words[end : end + _UNIT_WORDS - 1]
            unit = next((_UNITS[word] for word in following if word in _UNITS), None)
            found[number] = found.get(number, frozenset()) | ({unit} if unit else frozenset())
    return found


def points_to_two(words: Sequence[str]) -> bool:
    """Returns True for "the two": the things that were named before. It is no number that a passage must have."""
    return any(word == "two" and before in _POINTING for before, word in pairwise(words))


def counts_of(text: str) -> frozenset[float]:
    """Returns how many things each enumeration of a sentence has: 3 for "a goal, a plan and a date"."""
    return frozenset(float(items.count(",") + 2) for items in _ENUMERATION.findall(text))


def places_of_numbers(words: Sequence[str]) -> Iterator[tuple[float, int]]:
    """Yields each number and where it ends. "Twenty five" and "three hundred" are one number each."""
    index = 0
    while index < len(words):
        number = number_of(words[index])
        index += 1
        if number is None:
            continue
        following = words[index] if index < len(words) else ""
        if words[index - 1] in _TENS and 1 < NUMBER_WORDS.get(following, 10) < 10:  # noqa: PLR2004 - a digit
            number += NUMBER_WORDS[following]
            index += 1
            following = words[index] if index < len(words) else ""
        if following in _SCALES:
            number *= _SCALES[following]
            index += 1
        yield number, index


def number_of(word: str) -> float | None:
    if not word[0].isdigit():
        return NUMBER_WORDS.get(word)
    digits = word.replace(",", "")
    return float(digits) if digits.isascii() and digits.count(".") <= 1 else None
