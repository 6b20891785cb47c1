"""Stemming: *teams* and *team* have the same stem."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from Stemmer import Stemmer

_word = re.compile(r"\w+")
# PostgreSQL's `english` configuration uses the same algorithm, in the version that its release came with. Our cache
# makes equal stems one object, too, so the library's own is off.
_stem = lru_cache(maxsize=20_000)(Stemmer("english", 0).stemWord)
# A word like "in" also begins many stems.
_SHORTEST_PREFIX = 4


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
