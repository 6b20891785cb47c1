"""Chooses the sentences that answer a question: the best, none that says the same again, in reading order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plccoach_api.coach.generation.sentences import LEAST_WORDS, Sentence, sentences_of
from plccoach_api.queries.chunks import Passage

_SENTENCES = 14
# With their numbers and a heading they stay under 500.
_WORDS = 480
# Of the best sentence's score: what scores less says too little to be worth reading.
_WORTH_READING = 0.5
# Of two sentences' words together: what shares more says the same thing twice.
_REPEATED = 0.6
# A sentence that points back at one which is not there.
_POINTS_BACK = re.compile(
    r"(?:this|that|these|those|it|its|they|their|them|he|she|such|both|neither|instead|however|but|and|so|then)\b",
    re.IGNORECASE,
)
_POINTING_COSTS = 0.8

# Something to take away is short, stands alone, and says what to do.
_TAKEAWAYS = 3
_TAKEAWAY_WORDS = 25
_ADVICE = re.compile(
    r"\b(?:should|must|need|needs|never|always|begin|begins|agree|agrees|works? best)\b", re.IGNORECASE
)
# An answer that has fewer sentences is as short as its takeaways would be.
_WORTH_SUMMING_UP = 5


@dataclass(frozen=True, slots=True)
class SelectedSentence:
    """A sentence, and the place of its passage among those found."""

    passage: int
    sentence: Sentence
    score: float

    @property
    def points_back(self) -> bool:
        return _POINTS_BACK.match(self.sentence.text) is not None


def select_sentences(passages: Sequence[Passage]) -> tuple[list[SelectedSentence], list[SelectedSentence]]:
    """The body of an answer in reading order, and its takeaways."""
    best = _best(sorted(_candidates(passages), key=lambda candidate: -candidate.score))
    takeaways = _takeaways(best)
    return _in_reading_order([each for each in best if each not in takeaways]), takeaways


def _candidates(passages: Sequence[Passage]) -> list[SelectedSentence]:
    return [
        _weighed(SelectedSentence(index, sentence, score * passage.score))
        for index, passage in enumerate(passages)
        for sentence in sentences_of(passage.content)
        if sentence.words >= LEAST_WORDS and (score := _score(sentence.stems, passage.weights))
    ]


def _weighed(candidate: SelectedSentence) -> SelectedSentence:
    if not candidate.points_back:
        return candidate
    return SelectedSentence(candidate.passage, candidate.sentence, candidate.score * _POINTING_COSTS)


def _score(stems: frozenset[str], weights: Mapping[str, float]) -> float:
    """The share of the question's weight that a sentence holds, with a little off for length."""
    held = sum(weight for stem, weight in weights.items() if stem in stems)
    return held / (sum(weights.values()) or 1.0) / (1 + len(stems) / 100)


def _best(ranked: Sequence[SelectedSentence]) -> list[SelectedSentence]:
    best: list[SelectedSentence] = []
    words = 0
    for candidate in ranked:
        if len(best) == _SENTENCES or candidate.score < _WORTH_READING * ranked[0].score:
            break
        stems = candidate.sentence.stems
        repeated = any(_overlap(stems, other.sentence.stems) > _REPEATED for other in best)
        if not repeated and words + candidate.sentence.words <= _WORDS:
            best.append(candidate)
            words += candidate.sentence.words
    return best


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _takeaways(best: Sequence[SelectedSentence]) -> list[SelectedSentence]:
    """Never the best sentence: that one begins the answer."""
    if len(best) < _WORTH_SUMMING_UP:
        return []
    fitting = [
        each
        for each in best[1:]
        if each.sentence.words <= _TAKEAWAY_WORDS and not each.points_back and _ADVICE.search(each.sentence.text)
    ]
    return fitting[:_TAKEAWAYS] if len(fitting) > 1 else []


def _in_reading_order(chosen: Sequence[SelectedSentence]) -> list[SelectedSentence]:
    """The passage of the best sentence first; within a passage as the author wrote."""
    order = {passage: rank for rank, passage in enumerate(dict.fromkeys(each.passage for each in chosen))}
    return sorted(chosen, key=lambda each: (order[each.passage], each.sentence.span.start))
