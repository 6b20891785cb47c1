"""Ranks the sentences of the passages by how likely each is to answer the question.

The score is a weighted sum of a few features. The weights were fitted on half of several collections of questions and
tested on the other half: see docs/decisions/answers.md. The vectors are those of the local embedder, whichever embedder
searched. They are computed only for the sentences that score best without them, because they are most of the cost.
"""

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from itertools import chain, pairwise
from operator import add

from plccoach_api.coach.generation.near_words import NearWords
from plccoach_api.coach.generation.outline import Placed, outline_of
from plccoach_api.coach.generation.question_cues import QuestionCues
from plccoach_api.embedding.embedder import Vector
from plccoach_api.embedding.local import cosine, total_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.stems import stems

_COVERAGE = 5.4
_CONTEXT = 0.7
_PRECISION = 6.9
_PASSAGE = 3.4
_LENGTH = 0.3
_LIST = -1.4
_PAIRS = 4.1
_MEANING = 7.6
_USUAL_WORDS = 20
_WITH_VECTORS = 20


@dataclass(frozen=True, slots=True)
class RankedSentence:
    passage: int
    """The index of the sentence's passage."""
    placed: Placed
    score: float


@dataclass(frozen=True, slots=True)
class _Question:
    stems: tuple[str, ...]
    weights: Mapping[str, float]
    total_weight: float
    cues: QuestionCues

    @classmethod
    def of(cls, text: str, weights: Mapping[str, float]) -> "_Question":
        return cls(tuple(stems(text)), weights, sum(weights.values()) or 1.0, QuestionCues(text, weights.keys()))

    def coverage(self, found: Mapping[str, float]) -> float:
        """Returns the share of the question's weight that is found. A word of near meaning counts in part."""
        return sum([self.weights[stem] * share for stem, share in found.items()]) / self.total_weight

    def pairs(self, text: str) -> float:
        """Returns the share of the question's pairs of neighbouring words that are neighbours in the text, too."""
        asked = [pair for pair in pairwise(self.stems) if not self.weights.keys().isdisjoint(pair)]
        present = {*pairwise(stems(text))}
        return sum(pair in present for pair in asked) / len(asked) if asked else 0.0


def rank_sentences(question: str, passages: Sequence[Passage]) -> list[RankedSentence]:
    """Returns the readable sentences, best first. The last ones are in the order of their score without vectors."""
    asked = _Question.of(question, passages[0].weights if passages else {})
    outlines = [outline_of(passage.content) for passage in passages]
    ranked = sorted(_by_words(question, asked, passages, outlines), key=lambda each: -each.score)
    best, others = ranked[:_WITH_VECTORS], ranked[_WITH_VECTORS:]
    meanings = _Meanings(question, outlines)
    rescored = [
        replace(each, score=each.score + _MEANING * meanings.of(each) + _PAIRS * asked.pairs(each.placed.sentence.text))
        for each in best
    ]
    return sorted(rescored, key=lambda each: -each.score) + others


def _by_words(
    question: str, asked: _Question, passages: Sequence[Passage], outlines: Sequence[Sequence[Placed]]
) -> list[RankedSentence]:
    frequency = Counter(chain.from_iterable(placed.sentence.stems for outline in outlines for placed in outline))
    sentences = sum(map(len, outlines))
    rarity_of = {count: math.log(1 + sentences / count) for count in {*frequency.values()}}
    rarity = {stem: rarity_of[count] for stem, count in frequency.items()}
    near = NearWords(question, asked.weights, [passage.content for passage in passages])
    best = max((passage.score for passage in passages), default=0.0) or 1.0
    ranked = []
    for index, (passage, outline) in enumerate(zip(passages, outlines, strict=True)):
        found = [_found(asked, near, each.sentence.stems) for each in outline]
        for placed in outline:
            if placed.is_readable:
                around = [found[each.place] for each in [placed, *neighbours(outline, placed)]]
                score = _score(asked, placed, found[placed.place], _union(around), rarity)
                ranked.append(RankedSentence(index, placed, score + _PASSAGE * passage.score / best))
    return ranked


def _found(asked: _Question, near: NearWords, sentence: AbstractSet[str]) -> Mapping[str, float]:
    """Returns the stems of the question that a sentence has: 1 for the stem itself, less for a word of near meaning."""
    return {**near.shares(sentence), **dict.fromkeys(asked.weights.keys() & sentence, 1.0)}


def _union(found: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    best: dict[str, float] = {}
    for each in found:
        for stem, share in each.items():
            if share > best.get(stem, 0.0):
                best[stem] = share
    return best


def _score(
    asked: _Question,
    placed: Placed,
    found: Mapping[str, float],
    around: Mapping[str, float],
    rarity: Mapping[str, float],
) -> float:
    """`found` are the question's stems in the sentence, and `around` those in the sentence and its neighbours."""
    sentence = placed.sentence
    coverage = asked.coverage(found)
    own = asked.weights.keys() & sentence.stems
    precision = sum(map(rarity.__getitem__, own)) / sum(map(rarity.__getitem__, sentence.stems)) if own else 0.0
    return (
        _COVERAGE * coverage
        + _CONTEXT * (asked.coverage(around) - coverage)
        + _PRECISION * precision
        + _LENGTH * math.log(sentence.words / _USUAL_WORDS)
        + _LIST * ("\n" in sentence.text)
        + asked.cues.score(sentence.text)
    )


def neighbours(outline: Sequence[Placed], placed: Placed) -> list[Placed]:
    """Returns the sentences directly before and after it in its section."""
    around = outline[max(0, placed.place - 1) : placed.place + 2]
    return [each for each in around if each.section == placed.section and each.place != placed.place]


class _Meanings:
    """Compares the meaning of the question with that of a sentence and its neighbours."""

    def __init__(self, question: str, outlines: Sequence[Sequence[Placed]]) -> None:
        self._question = total_of(question)
        self._outlines = outlines

    def of(self, ranked: RankedSentence) -> float:
        window = [ranked.placed, *neighbours(self._outlines[ranked.passage], ranked.placed)]
        totals = [_total(placed.sentence.text) for placed in window]
        return cosine(self._question, reduce(_sum, totals))


def _sum(one: Vector, other: Vector) -> Vector:
    return tuple(map(add, one, other))


@lru_cache(maxsize=3000)
def _total(sentence: str) -> Vector:
    """Cached in one kilobyte, because popular passages are asked for again and again."""
    return array("f", total_of(sentence))
