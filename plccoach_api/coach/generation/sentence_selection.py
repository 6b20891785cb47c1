"""Selects the sentences of an extractive answer: the best ones, without repetition, in reading order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plccoach_api.coach.generation.sentences import LEAST_WORDS, Sentence, sentences_of
from plccoach_api.queries.chunks import Passage

_MOST_SENTENCES = 14
# With reference numbers and a heading the answer stays under 500 words.
_MOST_WORDS = 480
# A sentence needs this share of the best sentence's score.
_LEAST_SCORE = 0.5
# Two sentences that share more than this part of their stems say the same thing.
_MOST_OVERLAP = 0.6
# A sentence that begins like this refers to the sentence before it, which the answer may not have.
_POINTS_BACK = re.compile(
    r"(?:this|that|these|those|it|its|they|their|them|he|she|such|both|neither|instead|however|but|and|so|then)\b",
    re.IGNORECASE,
)
_POINTS_BACK_FACTOR = 0.8

# A takeaway is short, needs no sentence before it, and gives advice.
_MOST_TAKEAWAYS = 3
_MOST_TAKEAWAY_WORDS = 25
_ADVICE = re.compile(
    r"\b(?:should|must|need|needs|never|always|begin|begins|agree|agrees|works? best)\b", re.IGNORECASE
)
# An answer with fewer sentences than this needs no summary.
_LEAST_FOR_TAKEAWAYS = 5


@dataclass(frozen=True, slots=True)
class SelectedSentence:
    passage: int
    """The index of the sentence's passage."""
    sentence: Sentence
    score: float

    @property
    def points_back(self) -> bool:
        return _POINTS_BACK.match(self.sentence.text) is not None


def select_sentences(passages: Sequence[Passage]) -> tuple[list[SelectedSentence], list[SelectedSentence]]:
    """Returns the body of an answer, in reading order, and its takeaways."""
    best = _best(sorted(_candidates(passages), key=lambda candidate: -candidate.score))
    takeaways = _takeaways(best)
    return _in_reading_order([each for each in best if each not in takeaways]), takeaways


def _candidates(passages: Sequence[Passage]) -> list[SelectedSentence]:
    return [
        _penalized(SelectedSentence(index, sentence, score * passage.score))
        for index, passage in enumerate(passages)
        for sentence in sentences_of(passage.content)
        if sentence.words >= LEAST_WORDS and (score := _score(sentence.stems, passage.weights))
    ]


def _penalized(candidate: SelectedSentence) -> SelectedSentence:
    if not candidate.points_back:
        return candidate
    return SelectedSentence(candidate.passage, candidate.sentence, candidate.score * _POINTS_BACK_FACTOR)


def _score(stems: frozenset[str], weights: Mapping[str, float]) -> float:
    """Returns the sentence's share of the weight of the question's stems. A long sentence scores a little lower."""
    matched = sum(weight for stem, weight in weights.items() if stem in stems)
    return matched / (sum(weights.values()) or 1.0) / (1 + len(stems) / 100)


def _best(ranked: Sequence[SelectedSentence]) -> list[SelectedSentence]:
    best: list[SelectedSentence] = []
    words = 0
    for candidate in ranked:
        if len(best) == _MOST_SENTENCES or candidate.score < _LEAST_SCORE * ranked[0].score:
            break
        stems = candidate.sentence.stems
        repeated = any(_overlap(stems, other.sentence.stems) > _MOST_OVERLAP for other in best)
        if not repeated and words + candidate.sentence.words <= _MOST_WORDS:
            best.append(candidate)
            words += candidate.sentence.words
    return best


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _takeaways(best: Sequence[SelectedSentence]) -> list[SelectedSentence]:
    """Never takes the best sentence, because the answer begins with it."""
    if len(best) < _LEAST_FOR_TAKEAWAYS:
        return []
    advice = [
        each
        for each in best[1:]
        if each.sentence.words <= _MOST_TAKEAWAY_WORDS and not each.points_back and _ADVICE.search(each.sentence.text)
    ]
    return advice[:_MOST_TAKEAWAYS] if len(advice) > 1 else []


def _in_reading_order(selected: Sequence[SelectedSentence]) -> list[SelectedSentence]:
    """Puts the passage of the best sentence first. Sentences of one passage stay in the author's order."""
    order = {passage: rank for rank, passage in enumerate(dict.fromkeys(each.passage for each in selected))}
    return sorted(selected, key=lambda each: (order[each.passage], each.sentence.span.start))
