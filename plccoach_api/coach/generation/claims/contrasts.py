"""Recognises a claim that exchanges the sides of a contrast.

"Labs guide students, while projects grade students" does not support "labs grade students", although it has all of its
words. Two neighbouring clauses are contrasted when "while", "but" or "than" stands between them, or a comma when half
of their words are the same. A part of a claim exchanges their sides when it has words of each that the other lacks.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from plccoach_api.coach.generation.claims.numbers import NUMBER_WORDS
from plccoach_api.coach.generation.claims.stop_words import STOP_WORDS
from plccoach_api.rules.stems import stems

_CONTRASTING = frozenset({"while", "whereas", "but", "than", "rather", "instead", "although", "though"})
_SUBORDINATE = frozenset({"because", "since", "if", "unless"})
_JOINING = frozenset({"and", "or"})
_PAUSES = frozenset(";:\u2014\u2013.")
# A shorter clause is an item of a list or an insertion.
_LEAST_STEMS = 3
_LEAST_COMMON = 2
_AMOUNTS = frozenset({"a", "an", "one", "once", "half", *NUMBER_WORDS})
# Words about both sides at once.
_COMPARING = frozenset(stems("differ differs different both compare compared unlike contrast versus distinguish"))

Token = tuple[str, bool, str]
Contrast = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""The stems that only the first clause has, those that only the second has, and the common ones."""


def contrasts(tokens: Sequence[Token]) -> tuple[Contrast, ...]:
    """Returns the neighbouring clauses of a sentence that are contrasted."""
    return tuple(
        (first - second, second - first, first & second)
        for (first, before), (second, boundary) in pairwise(_clauses(tokens))
        if min(len(first), len(second)) >= _LEAST_STEMS
        and before not in _SUBORDINATE
        and (boundary in _CONTRASTING or (boundary == "," and _are_parallel(first, second)))
        and _COMPARING.isdisjoint(first | second)
    )


def compares(before: str, following: str) -> bool:
    """Returns True for "than" between two things. "Less than a minute" and "more than once" compare nothing."""
    return before != "other" and following not in _AMOUNTS and not following.isdigit()


def clause_stems(tokens: Sequence[Token]) -> tuple[frozenset[str], ...]:
    """Returns the stems of each clause of a claim, divided at "and" and "or" too."""
    return tuple(part for part, _ in _clauses(tokens, _JOINING))


def exchanges_sides(claim: Sequence[frozenset[str]], contrasted: Sequence[Contrast]) -> bool:
    if any(not part.isdisjoint(_COMPARING) for part in claim):
        return False
    return any(
        part & first and part & second and part & common for first, second, common in contrasted for part in claim
    )


def _are_parallel(first: frozenset[str], second: frozenset[str]) -> bool:
    """Returns True for clauses of which half is the same: "the baseline describes one thing, the target another"."""
    common = len(first & second)
    return common >= _LEAST_COMMON and 2 * common >= min(len(first), len(second))


def _clauses(tokens: Sequence[Token], further: frozenset[str] = frozenset()) -> Iterator[tuple[frozenset[str], str]]:
    """Yields the stems of each clause, without stop words, and what stands before the clause."""
    boundary, found = "", set[str]()
    words = ["", *(word for word, _, _ in tokens), ""]
    for (word, _, gap), before, following in zip(tokens, words, words[2:], strict=False):
        divides = compares(before, following) if word == "than" else word in _CONTRASTING
        new = word if divides or word in _SUBORDINATE or word in further else None
        new = new or (";" if not _PAUSES.isdisjoint(gap) else "and" if word == "and" and "," in gap else None)
        new = new or ("," if "," in gap else None)
        if new:
            if found:
                yield frozenset(found), boundary
                found = set()
            boundary = new
        if word not in STOP_WORDS:
            found.update(stems(word))
    if found:
        yield frozenset(found), boundary
