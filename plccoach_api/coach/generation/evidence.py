"""Sentences of passages as evidence: how much of a claim they have, and whether they contradict it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from plccoach_api.coach.generation.claim_numbers import units_of
from plccoach_api.coach.generation.contrasts import exchanges_sides
from plccoach_api.coach.generation.opposites import OPPOSITE
from plccoach_api.coach.generation.statements import Statement, Word

# The cosine of two words from which on the meaning of one begins to count for the other, and at which it is the same.
_NEAR, _SAME = 0.3, 0.7
_BITS = 256
# The claim of a sentence may come from this many sentences in a row. Each further one must find more.
_MOST_SENTENCES = 3
FURTHER_SENTENCE = 0.03
_NUMBER_WEIGHT = 0.6
# A claim denies what the passage affirms, or the reverse, when the signs of this share of common words differ.
_MOST_OPPOSED = 0.45


class Evidence:
    """Sentences of the passages, one or a few in a row, or all of them."""

    __slots__ = ("numbers", "statements", "stems", "words")

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.stems = frozenset[str]().union(*(each.stems for each in statements))
        self.words = frozenset[str]().union(*(each.words for each in statements))
        self.numbers: dict[float, frozenset[str]] = {}
        for each in statements:
            for number, units in each.numbers.items():
                self.numbers[number] = self.numbers.get(number, frozenset()) | units

    def share_of(self, claim: Statement) -> float:
        """Returns the share of the claim's weight that is here: word for word, or in part by a word of near meaning."""
        signs = {word.signs for each in self.statements for word in each.content}
        total = sum(word.weight for word in claim.content)
        found = sum(word.weight * (word.stem in self.stems or _nearness(word, signs)) for word in claim.content)
        return found / total if total else 1.0

    def has_numbers(self, claim: Statement) -> bool:
        """Returns True when every number of the claim is here. One without a unit may count enumerated things."""
        counts = frozenset[float]().union(*(each.counts for each in self.statements))
        return all(
            number in self.numbers or (not units and number in counts) for number, units in claim.numbers.items()
        )

    def contradicts(self, claim: Statement) -> bool:
        return any(
            (
                not self.has_numbers(claim),
                _has_other_unit(claim.numbers, self.numbers),
                self._has_other_time(claim),
                self._denies_differently(claim),
                self._has_opposite(claim),
                any(exchanges_sides(claim.parts, each.contrasts) for each in self.statements),
                _opposed([claim.sides], [each.sides for each in self.statements])[0] > 0,
            )
        )

    def _denies_differently(self, claim: Statement) -> bool:
        opposed, common = _opposed([claim.signs], [each.signs for each in self.statements])
        denies = any(each.denies for each in self.statements)
        half_denies = any(each.half_denies for each in self.statements)
        if claim.denies and not denies and not half_denies:
            return True
        if "never" in claim.words and not any("never" in each.words for each in self.statements):
            return True
        related = [each for each in self.statements if not each.stems.isdisjoint(word.stem for word in claim.content)]
        if opposed and not claim.denies and not claim.half_denies and any(each.denies for each in related):
            return True
        return opposed > 1 and opposed / common >= _MOST_OPPOSED

    def _has_other_time(self, claim: Statement) -> bool:
        """Returns True when the claim has a unit of time that is not here, where another one stands."""
        units = units_of(self.stems)
        return bool(units_of(claim.stems) - units and units - units_of(claim.stems))

    def _has_opposite(self, claim: Statement) -> bool:
        """Returns True when the claim has "more" where a sentence has "less", and neither or both of them deny it."""
        return any(
            not OPPOSITE[stem].isdisjoint(each.stems - claim.stems)
            for stem in claim.stems - self.stems
            if stem in OPPOSITE
            for each in self.statements
            if each.denies == claim.denies
        )


class _Run(NamedTuple):
    """Sentences in a row, with the stems and numbers of a claim that they have."""

    rank: float
    found: frozenset[str | float]
    statements: Sequence[Statement]


def best_run(claim: Statement, passages: Sequence[Sequence[Statement]]) -> Evidence | None:
    """Returns the sentences that have most of the claim word for word: a run of one passage, or the runs of two."""
    weights = _weights(claim)
    runs = (_best_of(weights, passage) for passage in passages if passage)
    best = sorted(runs, key=lambda run: run.rank, reverse=True)[:2]
    if not best:
        return None
    if best[1:] and _rank(weights, best[0].found | best[1].found, _MOST_SENTENCES + 1) > best[0].rank:
        return Evidence([*best[0].statements, *best[1].statements])
    return Evidence(best[0].statements)


def _best_of(weights: Mapping[str | float, float], passage: Sequence[Statement]) -> _Run:
    found = [weights.keys() & (each.stems | each.numbers.keys()) for each in passage]
    best = _Run(-1.0, frozenset(), ())
    for start in range(len(passage)):
        together: frozenset[str | float] = frozenset()
        for size, each in enumerate(found[start : start + _MOST_SENTENCES], start=1):
            together |= each
            rank = _rank(weights, together, size)
            if rank > best.rank:
                best = _Run(rank, together, passage[start : start + size])
    return best


def _weights(claim: Statement) -> dict[str | float, float]:
    """Returns the weights of a claim's stems, whose sum is 1, and of its numbers."""
    total = sum(word.weight for word in claim.content) or 1.0
    weights: dict[str | float, float] = dict.fromkeys(claim.numbers, _NUMBER_WEIGHT)
    for word in claim.content:
        weights[word.stem] = weights.get(word.stem, 0.0) + word.weight / total
    return weights


def _rank(weights: Mapping[str | float, float], found: Iterable[str | float], sentences: int) -> float:
    return sum(weights[each] for each in found) - FURTHER_SENTENCE * (sentences - 1)


def _nearness(word: Word, others: Iterable[int]) -> float:
    differing = min(((word.signs ^ other).bit_count() for other in others), default=_BITS)
    cosine = math.cos(math.pi * differing / _BITS)
    return min(1.0, max(0.0, (cosine - _NEAR) / (_SAME - _NEAR)))


def _has_other_unit(claimed: Mapping[float, frozenset[str]], found: Mapping[float, frozenset[str]]) -> bool:
    return any(units and found.get(number) and units.isdisjoint(found[number]) for number, units in claimed.items())


def _opposed(
    claimed: Sequence[Mapping[str, frozenset[bool]]], found: Sequence[Mapping[str, frozenset[bool]]]
) -> tuple[int, int]:
    """Counts the stems whose signs differ, and all common stems."""
    signs: dict[str, frozenset[bool]] = {}
    for each in found:
        for stem, values in each.items():
            signs[stem] = signs.get(stem, frozenset()) | values
    common = [(stem, values) for each in claimed for stem, values in each.items() if stem in signs]
    return sum(values.isdisjoint(signs[stem]) for stem, values in common), len(common)
