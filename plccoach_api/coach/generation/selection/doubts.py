"""Tells whether an answer may be none: by the judgement of its passages, and by what it begins with."""

import math

from plccoach_api.coach.generation.selection.near_words import standing_for
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.questions.asked import asked_in
from plccoach_api.rules.stems import stems

# Chosen on half a of the questions: see docs/decisions/retrieval.md.
_WEIGHT_OF_SHARE = 2.0
_USUAL_SHARE = 0.6
_MOST = 0.995


def is_doubtful(question: str, probability: float, passage: Passage, beginning: str) -> bool:
    """Returns True if the passages rather do not answer the question.

    The less of the question its beginning has, the surer the judgement must be: a passage about the subject may have
    all words of a question, and nothing on what is asked about it.
    """
    probability = min(probability, _MOST)
    share = _share(question, passage, f"{passage.book_title} {passage.chapter_title} {beginning}")
    return math.log(probability / (1 - probability)) + _WEIGHT_OF_SHARE * (share - _USUAL_SHARE) < 0


def _share(question: str, passage: Passage, text: str) -> float:
    """Returns how much of the question's weight a text of the passage has. A word of near meaning counts in part."""
    own = frozenset(stems(asked_in(question)))
    weights = {stem: weight for stem, weight in passage.weights.items() if stem in own} or passage.weights
    has = frozenset(stems(text))
    standing = standing_for(question, weights, [passage.content])
    found = (max((each for stem, each in stand.items() if stem in has), default=0.0) for stand in standing.values())
    return sum(found) / (sum(weights.values()) or 1.0)
