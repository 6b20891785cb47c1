"""Reads what the numbers of a sentence count, by the words beside them: "40 pupils", "two guides"."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice

from plccoach_api.coach.generation.claims.numbers import number_of, places_of_numbers
from plccoach_api.coach.generation.claims.stop_words import STOP_WORDS
from plccoach_api.rules.stems import stems

# So many words with meaning before a number, and as many after it, if they are among its nearest words.
_NEIGHBOURS = 2
_NEAREST = 6
# A claim with more numbers is a row of a table.
_MOST_NUMBERS = 12

Counted = Mapping[float, frozenset[str]]
"""Each number with the stems of the words beside it."""


def counted_by(words: Sequence[str]) -> Counted:
    found: dict[float, frozenset[str]] = {}
    for number, end in places_of_numbers(words):
        start = end - 1
        before = _meaningful(words[max(0, start - _NEAREST) : start][::-1])
        after = _meaningful(words[end : end + _NEAREST])
        found[number] = found.get(number, frozenset()) | frozenset(stems(" ".join((*before, *after))))
    return found


def exchanges_numbers(claimed: Counted, found: Sequence[Counted]) -> bool:
    """Returns True when each of two numbers counts what the sentences count with the other one."""
    if not 1 < len(claimed) <= _MOST_NUMBERS:
        return False
    together: dict[float, frozenset[str]] = {}
    for each in found:
        for number, beside in each.items():
            together[number] = together.get(number, frozenset()) | beside
    return any(
        _belong_to(claimed[one] - claimed[other], together[other], together[one])
        and _belong_to(claimed[other] - claimed[one], together[one], together[other])
        for one, other in combinations(claimed.keys() & together.keys(), 2)
    )


def _belong_to(words: frozenset[str], other: frozenset[str], own: frozenset[str]) -> bool:
    return not words.isdisjoint(other) and words.isdisjoint(own)


def _meaningful(words: Iterable[str]) -> Iterator[str]:
    return islice((each for each in words if each not in STOP_WORDS and number_of(each) is None), _NEIGHBOURS)
