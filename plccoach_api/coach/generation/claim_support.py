"""Decides whether passages support a claim. It knows no language model: it compares words, numbers, names and denials.

A claim is supported when its words are in the passage, mostly in few sentences of it, and nothing contradicts them
there. A word that the passage lacks counts in part when the passage has a word with a near meaning. The figures are in
docs/decisions/answers.md.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from plccoach_api.coach.generation.sentences import LEAST_WORDS
from plccoach_api.coach.generation.statements import Statement, Word, headings_of, statement, statements_of
from plccoach_api.coach.generation.translated_claims import has_numbers, is_translated
from plccoach_api.rules.stems import stems

# The share of a claim's weight that must be found: in the passage and in its best sentences, on average.
_LEAST_FOUND = 0.74
# The cosine of two words from which on the meaning of one begins to count for the other, and at which it is the same.
_NEAR, _SAME = 0.3, 0.7
_BITS = 256
# The claim of a sentence may come from this many sentences in a row. Each further one must find more.
_MOST_SENTENCES = 3
_FURTHER_SENTENCE = 0.03
_NUMBER_WEIGHT = 0.1
# A claim denies what the passage affirms, or the reverse, when the signs of this share of common words differ.
_MOST_OPPOSED = 0.45

_OPPOSITES = (
    "always never|all none|all some|all no|more less|more fewer|increase decrease|rise fall|high low|higher lower"
    "|first last|first final|early late|earlier later|begin end|start end|best worst|easy hard|easiest hardest"
    "|easier harder|strong weak|public private|same different|longer shorter|longest shortest|faster slower"
    "|often rarely|often never|usually never|usually seldom|usually rarely|most least|large small|larger smaller"
    "|many few|good bad|success failure|alone together|loose tight|inside outside|open closed|include exclude"
    "|allow prohibit|accept reject|improve worsen|silent loud|prevent cause|avoid prefer|avoid seek|better worse"
    "|everyone nobody|required optional|mandatory optional|continue end|raise lower|add remove|agree disagree"
    "|rarely frequently|sparingly often|before after"
)


def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pair in _OPPOSITES.split("|"):
        one, other = stems(pair)
        found[one] = found.get(one, frozenset()) | {other}
        found[other] = found.get(other, frozenset()) | {one}
    return found


_OPPOSITE = _opposites()


# Words of sentences that only lead over to what the passages say.
_EMPTY_WORDS = frozenset(
    stems(
        "answer ask author book books chapter clear consider conclude conclusion describe discuss educator example"
        " examples explain explore follow following guide handbook help idea ideas important key let list look main"
        " means mention note number offer outline overview part passage passages plc point points practical question"
        " quick reader recommend say school schools section short show source sources step steps suggest sum"
        " summarize summary takeaway takeaways teacher teachers team teams tell text thing things tip tips together"
        " use way ways"
    )
)


class ClaimJudge:
    """Judges the claims of one answer by the passages of its prompt, which are numbered from 1."""

    def __init__(self, passages: Sequence[str], question: str) -> None:
        self._passages = passages
        self._empty = _EMPTY_WORDS | frozenset(stems(question))

    def claims_nothing(self, text: str, *, cited: bool) -> bool:
        """Returns True for a question, and for a sentence that only leads over to the next ones.

        Without a citation it may repeat the words of the user's question.
        """
        if text.endswith("?"):
            return True
        words, empty = statement(text), _EMPTY_WORDS if cited else self._empty
        return not words.numbers and not words.denies and all(word.stem in empty for word in words.content)

    def support(self, claim: str, references: Sequence[int]) -> bool:
        """Returns True when the passages together support the claim. A passage that is too short to quote does not."""
        contents = [self._passages[index - 1] for index in references]
        return bool(contents) and all(map(_is_quotable, contents)) and supports(claim, contents)

    def supporting(self, claim: str, cited: Sequence[int]) -> tuple[int, ...]:
        """Returns the cited passages when they support the claim, or another that does, or none.

        Without a citation no passage is looked for: the claim may be the model's own.
        """
        quotable = tuple(index for index in cited if _is_quotable(self._passages[index - 1]))
        if not cited or self.support(claim, quotable):
            return quotable
        words = [word.text[:5] for word in statement(claim).content]
        for index, passage in enumerate(self._passages, start=1):
            likely = 2 * sum(word in passage.lower() for word in words) >= len(words)
            if index not in cited and likely and self.support(claim, [index]):
                return (index,)
        return ()

    def has_numbers_of(self, text: str, references: Sequence[int]) -> bool:
        whole = _whole(tuple(self._passages[index - 1] for index in references))
        return statement(text).numbers.keys() <= whole.numbers.keys()


def _is_quotable(passage: str) -> bool:
    return len(passage.split()) >= LEAST_WORDS


def supports(claim_text: str, passages: Sequence[str]) -> bool:
    """Returns True when the passages together support the claim."""
    text = "\n".join(passages)
    if is_translated(claim_text, text):
        return has_numbers(claim_text, text)
    claim = statement(claim_text)
    whole = _whole(tuple(passages))
    if not claim.content and not claim.numbers:
        return False
    if _lacks_name(claim, passages, whole) or not claim.numbers.keys() <= whole.numbers.keys():
        return False
    found = whole.share_of(claim)
    best = _best_run(claim, [statements_of(passage) for passage in passages])
    if best is None or found + best.share_of(claim) < 2 * _LEAST_FOUND:
        return False
    return not best.contradicts(claim)


class _Evidence:
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

    def contradicts(self, claim: Statement) -> bool:
        return any(
            (
                not claim.numbers.keys() <= self.numbers.keys(),
                _has_other_unit(claim.numbers, self.numbers),
                self._denies_differently(claim),
                self._has_opposite(claim),
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

    def _has_opposite(self, claim: Statement) -> bool:
        """Returns True when the claim has "more" where a sentence has "less", and neither or both of them deny it."""
        return any(
            not _OPPOSITE[stem].isdisjoint(each.stems - claim.stems)
            for stem in claim.stems - self.stems
            if stem in _OPPOSITE
            for each in self.statements
            if each.denies == claim.denies
        )


class _Run(NamedTuple):
    """Sentences in a row, with the stems and numbers of a claim that they have."""

    rank: float
    found: frozenset[str | float]
    statements: Sequence[Statement]


def _best_run(claim: Statement, passages: Sequence[Sequence[Statement]]) -> _Evidence | None:
    """Returns the sentences that have most of the claim word for word: a run of one passage, or the runs of two."""
    weights = _weights(claim)
    runs = (_best_of(weights, passage) for passage in passages if passage)
    best = sorted(runs, key=lambda run: run.rank, reverse=True)[:2]
    if not best:
        return None
    if best[1:] and _rank(weights, best[0].found | best[1].found, _MOST_SENTENCES + 1) > best[0].rank:
        return _Evidence([*best[0].statements, *best[1].statements])
    return _Evidence(best[0].statements)


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
    return sum(weights[each] for each in found) - _FURTHER_SENTENCE * (sentences - 1)


@lru_cache(maxsize=300)
def _whole(passages: tuple[str, ...]) -> _Evidence:
    return _Evidence([each for passage in passages for each in (*statements_of(passage), *headings_of(passage))])


def _nearness(word: Word, others: Iterable[int]) -> float:
    differing = min(((word.signs ^ other).bit_count() for other in others), default=_BITS)
    cosine = math.cos(math.pi * differing / _BITS)
    return min(1.0, max(0.0, (cosine - _NEAR) / (_SAME - _NEAR)))


def _lacks_name(claim: Statement, passages: Sequence[str], whole: _Evidence) -> bool:
    missing = [name for name in claim.names if not stems(name) or stems(name)[0] not in whole.stems]
    if not missing:
        return False
    text = " ".join(passages).lower()
    initials = "".join(word[0] for word in text.split())
    return any(name not in text and name not in initials for name in missing)


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
