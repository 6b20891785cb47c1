"""Words reduced to their stems, so that *teams* and *team* are one."""

import re
from functools import lru_cache

import snowballstemmer

_word = re.compile(r"\w+")
# PostgreSQL's `english` configuration stems with the same algorithm.
_stem = lru_cache(maxsize=50_000)(snowballstemmer.stemmer("english").stemWord)


def stems(text: str) -> list[str]:
    """The stem of each word, in order."""
    return [_stem(word) for word in _word.findall(text.lower())]
