"""Ranks the sentences of the passages by how likely each is to answer the question.

The score is a weighted sum of a few features. The weights were fitted on half of several collections of questions and
tested on the other half: see docs/decisions/extractive-answers.md. The vectors are those of the local embedder,
whichever embedder searched. They are computed only for the sentences that score best without them, because they are
most of the cost.
"""

import heapq
import math
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from operator import attrgetter

import msgspec
from msgspec import structs

from plccoach_api.coach.generation.selection.near_words import standing_for
from plccoach_api.coach.generation.selection.outline import Placed, outline_of, title_above, with_neighbours
from plccoach_api.coach.generation.selection.question_cues import QuestionCues
from plccoach_api.coach.generation.selection.word_coverage import coverage_of_sentences
from plccoach_api.coach.generation.sentences import Sentence
from plccoach_api.embedding.local import packed_total_of, total_of, unpacked
from plccoach_api.embedding.vectors import PackedVector, inner_product
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.questions.routing import content_words
from plccoach_api.rules.stems import stems

_COVERAGE = 5.4
_CONTEXT = 0.7
_PRECISION = 6.9
_PASSAGE = 3.4
_LENGTH = 0.3
_LIST = -1.4
_PAIRS = 4.1
_MEANING = 7.6
_NAME_FACTOR = 0.5
_LEAST_NAMED_SHARE = 0.5
_USUAL_WORDS = 20
# Lists of what a lesson needs, and of what stands on its sheets, say nothing about its subject.
_MATERIALS = re.compile(
    r"\b(?:visual aids?|diagrams?|handouts?|worksheets?|templates?|flowcharts?|flashcards?|assignments?|homework"
    r"|(?:materials|resources) needed)\b",
    re.IGNORECASE,
)
_WITH_VECTORS = 20


class RankedSentence(msgspec.Struct, frozen=True):
    passage: int
    """The index of the sentence's passage."""
    placed: Placed
    score: float
    lift: float = 0.0
    """It moves the sentence up, and hides no other one: see `QuestionCues.lifts`."""

    @property
    def order(self) -> float:
        return self.score + self.lift


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    weights: Mapping[str, float]
    cues: QuestionCues
    pairs: Sequence[tuple[str, str]]
    """Its pairs of neighbouring words, but those without a weight."""

    @classmethod
    def of(cls, text: str, weights: Mapping[str, float]) -> "_Question":
        pairs = [pair for pair in pairwise(stems(text)) if not weights.keys().isdisjoint(pair)]
        return cls(text, weights, QuestionCues(text, weights), pairs)

    def is_for(self, listed: Placed, title: str) -> bool:
        """Returns True if most of the question is in the heading and the label of a list, some of it in the label.

        A passage without a heading stands below the title of its chapter.
        """
        heading = listed.heading or title
        if not listed.label or any(map(_MATERIALS.search, (heading, listed.label))):
            return False
        of_label = {*stems(listed.label)} & self.weights.keys()
        named = sum(map(self.weights.__getitem__, of_label | ({*stems(heading)} & self.weights.keys())))
        return bool(of_label) and named > _LEAST_NAMED_SHARE * sum(self.weights.values())

    def paired(self, sentence: Sentence) -> float:
        """Returns the share of the question's pairs that are neighbours in the sentence, too."""
        own = {*sentence.stems}
        possible = [(one, other) for one, other in self.pairs if one in own and other in own]
        if not possible:
            return 0.0
        present = {*pairwise(stems(sentence.text))}
        return sum(pair in present for pair in possible) / len(self.pairs)


def rank_sentences(
    question: str, passages: Sequence[Passage], weights: Mapping[str, float] | None = None
) -> list[RankedSentence]:
    """Returns the readable sentences that score best without vectors, in the order of their whole score.

    The weights of the question's stems are those that the search found, unless others are given.
    """
    if weights is None:
        weights = passages[0].weights if passages else {}
    asked = _Question.of(question, _with_names_lowered(weights, passages))
    best = heapq.nlargest(_WITH_VECTORS, _by_words(asked, passages), key=attrgetter("order"))
    meaning = _Meaning(question)
    rescored = [
        structs.replace(
            each,
            score=each.score + _MEANING * meaning.of(each.placed) + _PAIRS * asked.paired(each.placed.sentence),
        )
        for each in best
    ]
    return sorted(rescored, key=attrgetter("order"), reverse=True)


def _with_names_lowered(weights: Mapping[str, float], passages: Sequence[Passage]) -> Mapping[str, float]:
    """Lowers the weights of the words that only name a book, if the question has others.

    "How do I import learners in Kolibri?" is about learners. Every passage of a guide to Kolibri is about Kolibri.
    """
    titles = {title: stems(title) for title in {passage.book_title for passage in passages}}
    naming = {stem for words in titles.values() for stem in words if stem in weights}
    for passage in passages:
        naming -= {stem for stem in titles[passage.book_title] if stem not in passage.found_stems}
    if not naming or not content_words(" ".join(stem for stem in weights if stem not in naming)):
        return weights
    return {stem: weight * (_NAME_FACTOR if stem in naming else 1.0) for stem, weight in weights.items()}


def _by_words(asked: _Question, passages: Sequence[Passage]) -> Iterator[RankedSentence]:
    outlines = [outline_of(passage.content) for passage in passages]
    texts = [passage.content for passage, outline in zip(passages, outlines, strict=True) if outline]
    standing = standing_for(asked.text, asked.weights, texts)
    shares = iter(coverage_of_sentences(outlines, asked.weights, standing))
    best = max((passage.score for passage in passages), default=0.0) or 1.0
    for index, (passage, outline) in enumerate(zip(passages, outlines, strict=True)):
        of_passage = _PASSAGE * passage.score / best
        of_outline = islice(shares, len(outline))
        gains, lifts = asked.cues.gains(outline), asked.cues.lifts(outline, title_above(passage))
        for placed, gain, lift, share in zip(outline, gains, lifts, of_outline, strict=True):
            if placed.is_readable or (placed.term and lift) or asked.is_for(placed, passage.chapter_title):
                score = (
                    of_passage
                    + gain
                    + _LENGTH * math.log(placed.sentence.words / _USUAL_WORDS)
                    + _LIST * placed.has_list
                    + _COVERAGE * share.alone
                    + _CONTEXT * (share.around - share.alone)
                    + _PRECISION * share.precision
                )
                yield RankedSentence(index, placed, score, lift)


class _Meaning:
    """Compares the meaning of the question with that of a sentence and its neighbours."""

    def __init__(self, question: str) -> None:
        self._question = total_of(question)
        self._length = math.hypot(*self._question)

    def of(self, placed: Placed) -> float:
        total, length = _window(placed.sentence.content, placed.place)
        return inner_product(self._question, total) / (self._length * length or 1.0)


# Popular passages are asked for again and again. A window takes one kilobyte, and a sentence two.
@lru_cache(maxsize=2500)
def _window(content: str, place: int) -> tuple["array[float]", float]:
    """Returns the sum of the vectors of a sentence and its neighbours, and its length."""
    outline = outline_of(content)
    total = unpacked(sum(_total(each.sentence.text) for each in with_neighbours(outline, outline[place])))
    return array("f", total), math.hypot(*total)


@lru_cache(maxsize=200)
def _total(sentence: str) -> PackedVector:
    return packed_total_of(sentence)
