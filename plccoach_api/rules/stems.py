"""Stemming: *teams* and *team* have the same stem."""

import re
from functools import lru_cache

import snowballstemmer

_word = re.compile(r"\w+")
# PostgreSQL's `english` configuration uses the same algorithm.
_stem = lru_cache(maxsize=50_000)(snowballstemmer.stemmer("english").stemWord)


def stems(text: str) -> list[str]:
    """Returns the stem of each word, in order."""
    return [_stem(word) for word in _word.findall(text.lower())]
