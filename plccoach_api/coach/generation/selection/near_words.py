"""Finds words of the passages that mean nearly the same as a word of the question: "toddler" and "child".

A word's meaning is the signs of its vector, so comparing two words takes 0.1 microseconds.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from plccoach_api.embedding.local import word_vector
from plccoach_api.rules.acronyms import other_names_in
from plccoach_api.rules.stems import same_number, stems

_BITS = 256
_LEAST_COSINE = 0.25
_COSINES = [math.cos(math.pi * differing / _BITS) for differing in range(_BITS + 1)]
_MOST_DIFFERING = sum(cosine >= _LEAST_COSINE for cosine in _COSINES) - 1
_WORD = re.compile(r"\w{3,30}")
# A longer question is compared by its rarest words.
_MOST_WORDS = 8


def standing_for(
    question: str, weights: Mapping[str, float], texts: Sequence[str]
) -> Mapping[str, Mapping[str, float]]:
    """Returns for each stem of the question the stems that stand for it, each with its weight.

    It stands for itself with its whole weight, as "two" does for "2", and a stem of near meaning in one of the texts
    with a part of it.
    """
    words = {stem: word for word in sorted(_words(question)) for stem in stems(word) if stem in weights}
    rarest = sorted(words, key=lambda stem: (-weights[stem], stem))[:_MOST_WORDS]
    near = {own: _nearest(words[own], texts) for own in rarest}
    names = _other_names(question, weights)
    return {
        own: {
            **{stem: weight * nearness for stem, nearness in near.get(own, {}).items()},
            **dict.fromkeys((own, same_number(own) or own, *names.get(own, ())), weight),
        }
        for own, weight in weights.items()
    }


def _other_names(question: str, weights: Mapping[str, float]) -> Mapping[str, Sequence[str]]:
    """Returns the acronym for each stem of its expansion, and the rarest of these for the acronym.

    A search adds the other form of an acronym to a question. A sentence needs one of them.
    """
    names: dict[str, list[str]] = defaultdict(list)
    for acronym, expansion in other_names_in(question):
        short, long = stems(acronym), [stem for stem in stems(expansion) if stem in weights]
        if long:
            names[short[0]].append(max(long, key=weights.__getitem__))
            for stem in long:
                names[stem] += short
    return names


def _nearest(asked: str, texts: Sequence[str]) -> Mapping[str, float]:
    """Returns the stems of near meaning, each with that of the nearest of its words."""
    nearest: dict[str, float] = {}
    for text in texts:
        for stem, nearness in _near_in(text, asked):
            if nearness > nearest.get(stem, 0.0):
                nearest[stem] = nearness
    return nearest


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


@lru_cache(maxsize=5000)
def _near_in(text: str, asked: str) -> tuple[tuple[str, float], ...]:
    """Returns the stems of a passage's words that mean nearly the same as a word. Many questions share their words."""
    own = word_vector(asked).signs
    if not own:
        return ()
    near = [
        (word, differing)
        for word, signs in zip(*_words_with_signs(text), strict=True)
        if (differing := (own ^ signs).bit_count()) <= _MOST_DIFFERING
    ]
    return tuple((stem, _COSINES[differing]) for word, differing in near for stem in stems(word))


@lru_cache(maxsize=500)
def _words_with_signs(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Returns the words and signs that `word_vector` has cached, so that passages share them."""
    vectors = [*map(word_vector, _words(text))]
    return tuple(each.word for each in vectors), tuple(each.signs for each in vectors)
