"""Reads the places in time or in a row that a sentence names: "the third year", "June", "Friday"."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from plccoach_api.coach.generation.claims.stop_words import word_set
from plccoach_api.rules.numerals import ORDINALS
from plccoach_api.rules.stems import stems

_ORDINALS = frozenset({*ORDINALS[:10], "last", "final"})
# "May" and "march" are other words, too, and so are "spring" and "fall".
_DATES = (
    word_set("january february april june july august september october november december"),
    word_set("monday tuesday wednesday thursday friday saturday sunday"),
    word_set("summer autumn winter"),
)


def ordinals_of(words: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Returns each ordinal with the stem of the word after it: the third year, the first question."""
    return frozenset(
        (word, stem) for word, following in pairwise(words) if word in _ORDINALS for stem in stems(following)
    )


def has_other_ordinal(claimed: AbstractSet[tuple[str, str]], found: AbstractSet[tuple[str, str]]) -> bool:
    """Returns True when the claim has the first year, where only the third one stands."""
    counted = {stem for _, stem in found}
    return any(each not in found and each[1] in counted for each in claimed)


def has_other_date(claimed: AbstractSet[str], found: AbstractSet[str]) -> bool:
    """Returns True when the claim names a date that the evidence lacks, and the evidence has another one.

    A date is a month, a day of the week or a season.
    """
    return any(claimed & dates - found and found & dates - claimed for dates in _DATES)
