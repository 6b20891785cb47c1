"""Finds words of the passages that mean nearly the same as a word of the question: "toddler" and "child".

A word's meaning is the signs of its vector, so comparing two words takes 0.1 microseconds.
"""

import math
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from plccoach_api.embedding.local import word_signs
from plccoach_api.rules.stems import stems

_BITS = 256
_LEAST_COSINE = 0.25
_COSINES = [math.cos(math.pi * differing / _BITS) for differing in range(_BITS + 1)]
_MOST_DIFFERING = sum(cosine >= _LEAST_COSINE for cosine in _COSINES) - 1
_WORD = re.compile(r"\w{3,30}")
# A longer question is compared by its rarest words.
_MOST_WORDS = 8


class NearWords:
    """The nearness of each stem of the question to the stems of the passages, from 0 to 1."""

    def __init__(self, question: str, weights: Mapping[str, float], texts: Sequence[str]) -> None:
        asked = {stem: word for word in sorted(_words(question)) for stem in stems(word) if stem in weights}
        rarest = sorted(asked, key=lambda stem: (-weights[stem], stem))[:_MOST_WORDS]
        known = [(stem, signs) for stem in rarest if (signs := word_signs(asked[stem])[0])]
        vocabulary = {word: bits for text in texts for word, bits in _signs(text).items()} if known else {}
        self._near: dict[str, list[tuple[str, float]]] = {}
        for own, own_signs in known:
            for word, differing in [
                (word, differing)
                for word, bits in vocabulary.items()
                if (differing := (own_signs ^ bits).bit_count()) <= _MOST_DIFFERING
            ]:
                for stem in stems(word):
                    self._near.setdefault(stem, []).append((own, _COSINES[differing]))

    def shares(self, found: AbstractSet[str]) -> dict[str, float]:
        """Returns the stems of the question that have a word of near meaning among these stems, and how near it is."""
        best: dict[str, float] = {}
        for stem in self._near.keys() & found:
            for own, nearness in self._near[stem]:
                best[own] = max(nearness, best.get(own, 0.0))
        return best


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


@lru_cache(maxsize=200)
def _signs(text: str) -> Mapping[str, int]:
    return {word: word_signs(word)[0] for word in _words(text)}
