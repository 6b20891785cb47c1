"""Finds words of the passages that mean nearly the same as a word of the question: "toddler" and "child".

A word's meaning is the signs of its vector, so comparing two words takes 0.1 microseconds.
"""

import math
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from plccoach_api.embedding.local import word_vector
from plccoach_api.rules.stems import stems

_BITS = 256
_LEAST_COSINE = 0.25
_COSINES = [math.cos(math.pi * differing / _BITS) for differing in range(_BITS + 1)]
_MOST_DIFFERING = sum(cosine >= _LEAST_COSINE for cosine in _COSINES) - 1
_WORD = re.compile(r"\w{3,30}")
# A longer question is compared by its rarest words.
_MOST_WORDS = 8


class NearWords:
    """The stems that stand for a stem of the question: itself, and those of words of near meaning in the passages.

    A stem of near meaning gets a part of the weight that the question's stem has.
    """

    def __init__(self, question: str, weights: Mapping[str, float], texts: Sequence[str]) -> None:
        asked = {stem: word for word in sorted(_words(question)) for stem in stems(word) if stem in weights}
        rarest = sorted(asked, key=lambda stem: (-weights[stem], stem))[:_MOST_WORDS]
        self._near: dict[str, list[tuple[str, float]]] = {}
        for own in rarest:
            for text in map(_one_copy, texts):
                for stem, nearness in _near_in(text, asked[own]):
                    self._near.setdefault(stem, []).append((own, weights[own] * nearness))
        for stem, weight in weights.items():
            self._near.setdefault(stem, []).append((stem, weight))
        self._stems = frozenset(self._near)

    def weights(self, found: AbstractSet[str]) -> Mapping[str, float]:
        """Returns the stems of the question that these stems stand for, and the highest weight that each gets."""
        best: dict[str, float] = {}
        for stem in self._stems & found:
            for own, weight in self._near[stem]:
                if weight > best.get(own, 0.0):
                    best[own] = weight
        return best


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


@lru_cache(maxsize=1000)
def _one_copy(text: str) -> str:
    """Each search returns a new copy of a passage, and the cache of `_near_in` would keep one for each asked word."""
    return text


@lru_cache(maxsize=5000)
def _near_in(text: str, asked: str) -> tuple[tuple[str, float], ...]:
    """Returns the stems of a passage's words that mean nearly the same as a word. Many questions share their words."""
    own = word_vector(asked).signs
    if not own:
        return ()
    near = [
        (word, differing) for word, signs in _signs(text) if (differing := (own ^ signs).bit_count()) <= _MOST_DIFFERING
    ]
    return tuple((stem, _COSINES[differing]) for word, differing in near for stem in stems(word))


@lru_cache(maxsize=200)
def _signs(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((word, word_vector(word).signs) for word in _words(text))
