"""Ranks the sentences of the passages by how likely each is to answer the question.

The score is a weighted sum of a few features. The weights were fitted on half of several collections of questions and
tested on the other half: see docs/decisions/answers.md. The vectors are those of the local embedder, whichever embedder
searched. They are computed only for the sentences that score best without them, because they are most of the cost.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

import msgspec
from msgspec import structs

from plccoach_api.coach.generation.near_words import NearWords
from plccoach_api.coach.generation.outline import Placed, neighbours_of, outline_of
from plccoach_api.coach.generation.question_cues import QuestionCues
from plccoach_api.coach.generation.sentences import Sentence
from plccoach_api.embedding.embedder import Vector
from plccoach_api.embedding.local import total_of
from plccoach_api.embedding.vectors import inner_product
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


class RankedSentence(msgspec.Struct, frozen=True):
    passage: int
    """The index of the sentence's passage."""
    placed: Placed
    score: float


@dataclass(frozen=True, slots=True)
class _Question:
    weights: Mapping[str, float]
    total_weight: float
    cues: QuestionCues
    pairs: Sequence[tuple[str, str]]
    """Its pairs of neighbouring words, but those without a weight."""

    @classmethod
    def of(cls, text: str, weights: Mapping[str, float]) -> "_Question":
        pairs = [pair for pair in pairwise(stems(text)) if not weights.keys().isdisjoint(pair)]
        return cls(weights, sum(weights.values()) or 1.0, QuestionCues(text, weights), pairs)

    def coverage(self, found: Mapping[str, float]) -> float:
        """Returns the share of the question's weight that is found. A word of near meaning counts in part."""
        return sum(found.values()) / self.total_weight

    def paired(self, sentence: Sentence) -> float:
        """Returns the share of the question's pairs that are neighbours in the sentence, too."""
        possible = [pair for pair in self.pairs if sentence.stems.issuperset(pair)]
        if not possible:
            return 0.0
        present = _pairs(sentence.text)
        return sum(pair in present for pair in possible) / len(self.pairs)


def rank_sentences(question: str, passages: Sequence[Passage]) -> list[RankedSentence]:
    """Returns the readable sentences, best first. The last ones are in the order of their score without vectors."""
    asked = _Question.of(question, passages[0].weights if passages else {})
    ranked = sorted(_by_words(question, asked, passages), key=lambda each: -each.score)
    best, others = ranked[:_WITH_VECTORS], ranked[_WITH_VECTORS:]
    meanings = _Meanings(question, passages)
    rescored = [
        structs.replace(
            each, score=each.score + _MEANING * meanings.of(each) + _PAIRS * asked.paired(each.placed.sentence)
        )
        for each in best
    ]
    return sorted(rescored, key=lambda each: -each.score) + others


def _by_words(question: str, asked: _Question, passages: Sequence[Passage]) -> Iterator[RankedSentence]:
    outlines = [outline_of(passage.content) for passage in passages]
    rarity = _rarity(outlines)
    near = NearWords(question, asked.weights, [passage.content for passage in passages])
    best = max((passage.score for passage in passages), default=0.0) or 1.0
    for index, (passage, outline) in enumerate(zip(passages, outlines, strict=True)):
        found = [near.weights(each.sentence.stems) for each in outline]
        for placed, around_it in zip(outline, neighbours_of(passage.content), strict=True):
            if placed.is_readable:
                around = _union([found[each.place] for each in (placed, *around_it)])
                opens = placed.place == 0 or outline[placed.place - 1].section != placed.section
                score = (
                    _score(asked, placed, found[placed.place], around, rarity)
                    + asked.cues.score(placed.sentence.text, placed.heading_stems if opens else frozenset())
                    + _PASSAGE * passage.score / best
                )
                yield RankedSentence(index, placed, score)


def _rarity(outlines: Sequence[Sequence[Placed]]) -> Mapping[str, float]:
    """Returns a weight for each stem of the passages: the fewer sentences have it, the higher."""
    frequency = Counter(chain.from_iterable(placed.sentence.stems for outline in outlines for placed in outline))
    sentences = sum(map(len, outlines))
    rarity_of = {count: math.log(1 + sentences / count) for count in {*frequency.values()}}
    return {stem: rarity_of[count] for stem, count in frequency.items()}


def _union(found: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    first, *others = [each for each in found if each] or [{}]
    if not others:
        return first
    best = dict(first)
    for other in others:
        for stem, weight in other.items():
            if weight > best.get(stem, 0.0):
                best[stem] = weight
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
    score = _LENGTH * math.log(sentence.words / _USUAL_WORDS) + _LIST * ("\n" in sentence.text)
    if around:
        coverage = asked.coverage(found)
        score += _COVERAGE * coverage + _CONTEXT * (asked.coverage(around) - coverage)
    if own := asked.weights.keys() & found.keys() & sentence.stems:
        rarities = map(rarity.__getitem__, sentence.stems)
        score += _PRECISION * sum(map(rarity.__getitem__, own)) / sum(rarities)
    return score


class _Meanings:
    """Compares the meaning of the question with that of a sentence and its neighbours."""

    def __init__(self, question: str, passages: Sequence[Passage]) -> None:
        self._question = total_of(question)
        self._length = math.hypot(*self._question)
        self._passages = passages

    def of(self, ranked: RankedSentence) -> float:
        around = neighbours_of(self._passages[ranked.passage].content)[ranked.placed.place]
        total, length = _window(tuple(placed.sentence.text for placed in (ranked.placed, *around)))
        return inner_product(self._question, total) / (self._length * length or 1.0)


# Popular passages are asked for again and again, so what is known of their sentences is cached. A window takes one
# kilobyte.
@lru_cache(maxsize=3000)
def _window(sentences: tuple[str, ...]) -> tuple[Vector, float]:
    """Returns the sum of the vectors of some sentences, and its length."""
    total = array("f", map(sum, zip(*map(_total, sentences), strict=True)))
    return total, math.hypot(*total)


@lru_cache(maxsize=1000)
def _total(sentence: str) -> Vector:
    return array("f", total_of(sentence))


@lru_cache(maxsize=1000)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(stems(text)))
