"""Stemming: *teams* and *team* have the same stem, as do *PLCs* and *PLC*."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from Stemmer import Stemmer

from plccoach_api.rules.numerals import UNITS

_word = re.compile(r"\w+")
# PostgreSQL's `english` configuration uses the same algorithm, in the version that its release came with. Our cache
# makes equal stems one object, too, so the library's own is off.
_stemmer = Stemmer("english", 0)
# "plcs" and "cfas": the algorithm keeps an s after consonants alone, and after one vowel. The database's function
# `stems_of` has the same pattern.
_PLURAL_OF_ACRONYM = re.compile(r"[b-df-hj-np-tv-xz]{2,}[aiou]?(?<!s)s")
# A word like "in" also begins many stems.
_SHORTEST_PREFIX = 4


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    stem: str = _stemmer.stemWord(word)
    return stem[:-1] if _PLURAL_OF_ACRONYM.fullmatch(stem) else stem


def stems(text: str) -> list[str]:
    """Returns the stem of each word, in order."""
    return [_stem(word) for word in _word.findall(text.lower())]


def differing(theirs: Collection[str], text: str) -> Mapping[str, str]:
    """Returns our stem for each stem of PostgreSQL that no word of the text has here.

    Two versions of the algorithm cut some words at different places: "organize" is "organ" or "organiz". The shorter
    stem begins the longer one.
    """
    ours = dict.fromkeys(stems(text))
    left = [stem for stem in ours if stem not in theirs]
    return {
        stem: own
        for stem in theirs
        if stem not in ours
        for own in left
        if min(len(stem), len(own)) >= _SHORTEST_PREFIX and (own.startswith(stem) or stem.startswith(own))
    }


# "One" is often no number.
_NUMBERS = {stems(word)[0]: str(number) for number, word in enumerate(UNITS[1:12], start=2)}
_NUMBER_WORDS = {number: stem for stem, number in _NUMBERS.items()}


def with_digits(words: Iterable[str]) -> list[str]:
    """Returns stems with digits for the words of small numbers: "tier two" is "tier 2"."""
    return [_NUMBERS.get(stem, stem) for stem in words]


def same_number(stem: str) -> str | None:
    """Returns the other form of a small number: "two" for "2"."""
    return _NUMBERS.get(stem) or _NUMBER_WORDS.get(stem)
