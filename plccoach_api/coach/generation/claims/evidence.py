"""Sentences of passages as evidence: how much of a claim they have, and which sentences have most of it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from plccoach_api.coach.generation.claims.numbers import NUMBER_WORDS
from plccoach_api.coach.generation.claims.statements import Statement, Word

# Words whose vectors have a cosine of 0.3 or less count nothing for each other. From 0.7 on they are the same word.
_NEAR, _SAME = 0.3, 0.7
_BITS = 256
# The claim of a sentence may come from this many sentences in a row. Each further one must find more.
_MOST_SENTENCES = 3
FURTHER_SENTENCE = 0.03
_NUMBER_WEIGHT = 0.6
# A number may stand in another sentence, beside so many of the words that stand beside it in the claim.
_LEAST_BESIDE = 2


class Evidence:
    """Sentences of the passages, one or a few in a row, or all of them."""

    __slots__ = ("numbers", "ordinals", "statements", "stems", "words")

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.stems = frozenset[str]().union(*(each.stems for each in statements))
        self.words = frozenset[str]().union(*(each.words for each in statements))
        self.ordinals = frozenset[tuple[str, str]]().union(*(each.ordinals for each in statements))
        self.numbers: dict[float, frozenset[str]] = {}
        for each in statements:
            for number, units in each.numbers.items():
                self.numbers[number] = self.numbers.get(number, frozenset()) | units

    def share_of(self, claim: Statement) -> float:
        """Returns the share of the claim's weight that is here: word for word, or in part by a word of near meaning."""
        total = sum(word.weight for word in claim.content)
        if not total:
            return 1.0
        missing = [word for word in claim.content if word.stem not in self.stems]
        found = sum(word.weight for word in claim.content if word.stem in self.stems)
        if missing:
            signs = {word.vector_signs for each in self.statements for word in each.content}
            found += sum(word.weight * _nearness(word, signs) for word in missing)
        return found / total

    def has_numbers(self, claim: Statement) -> bool:
        """Returns True when every number of the claim is here. One without a unit may count enumerated things."""
        return not self.missing_numbers(claim)

    def missing_numbers(self, claim: Statement) -> frozenset[float]:
        if not claim.numbers:
            return frozenset()
        counts = frozenset[float]().union(*(each.counts for each in self.statements))
        return frozenset(
            number
            for number, units in claim.numbers.items()
            if number not in self.numbers
            and (units or number not in counts)
            and not (claim.points_to_two and number == NUMBER_WORDS["two"])
        )

    def has_beside_its_neighbours(self, number: float, claim: Statement) -> bool:
        """Returns True when a sentence has the number and two of the words that stand around it in the claim."""
        around = claim.counted[number]
        return any(number in each.numbers and len(around & each.stems) >= _LEAST_BESIDE for each in self.statements)


class _Excerpt(NamedTuple):
    """Sentences in a row, with the stems and numbers of a claim that they have."""

    rank: float
    found: frozenset[str | float]
    statements: Sequence[Statement]


def best_evidence(claim: Statement, passages: Sequence[Sequence[Statement]]) -> Evidence | None:
    """Returns the sentences that have most of the claim word for word: an excerpt of one passage, or those of two."""
    weights = _weights(claim)
    excerpts = (_best_of(weights, passage) for passage in passages if passage)
    best = sorted(excerpts, key=lambda excerpt: excerpt.rank, reverse=True)[:2]
    if not best:
        return None
    if best[1:] and _rank(weights, best[0].found | best[1].found, _MOST_SENTENCES + 1) > best[0].rank:
        return Evidence([*best[0].statements, *best[1].statements])
    return Evidence(best[0].statements)


def _best_of(weights: Mapping[str | float, float], passage: Sequence[Statement]) -> _Excerpt:
    found = [each.stems_and_numbers & weights.keys() for each in passage]
    best = _Excerpt(-1.0, frozenset(), ())
    for start in range(len(passage)):
        together: frozenset[str | float] = frozenset()
        for size, each in enumerate(found[start : start + _MOST_SENTENCES], start=1):
            # A sentence that adds nothing makes an excerpt no better.
            if best.statements and each <= together:
                continue
            together |= each
            rank = _rank(weights, together, size)
            if rank > best.rank:
                best = _Excerpt(rank, together, passage[start : start + size])
    return best


def _weights(claim: Statement) -> dict[str | float, float]:
    """Returns the weights of a claim's stems, whose sum is 1, and of its numbers."""
    total = sum(word.weight for word in claim.content) or 1.0
    weights: dict[str | float, float] = dict.fromkeys(claim.numbers, _NUMBER_WEIGHT)
    for word in claim.content:
        weights[word.stem] = weights.get(word.stem, 0.0) + word.weight / total
    return weights


def _rank(weights: Mapping[str | float, float], found: Iterable[str | float], sentences: int) -> float:
    # The order of a set differs between processes, and so would the last digits of another sum.
    return math.fsum(weights[each] for each in found) - FURTHER_SENTENCE * (sentences - 1)


def _nearness(word: Word, others: Iterable[int]) -> float:
    differing = min([(word.vector_signs ^ other).bit_count() for other in others], default=_BITS)
    cosine = math.cos(math.pi * differing / _BITS)
    return min(1.0, max(0.0, (cosine - _NEAR) / (_SAME - _NEAR)))
