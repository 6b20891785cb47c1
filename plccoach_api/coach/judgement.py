"""Judges whether the passages of a search answer the question, come near to it, or have nothing to do with it."""

from collections.abc import Sequence
from enum import Enum, auto

from plccoach_api.coach.generation.selection.definitions import has_definition
from plccoach_api.coach.retrieval.topicality import topicality_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.relevance import probability

# Chosen on half a of the questions: see docs/decisions/refusing.md.
_PERHAPS = 0.3
# Below one half, the passages probably do not answer the question.
_ANSWER = 0.5
_NEAR = 0.1


class Relevance(Enum):
    answer = auto()
    perhaps = auto()
    """The passages are shown as an answer, which says that it may be none."""
    near = auto()
    """The passages are about something near the question, and probably do not answer it."""
    none = auto()

    @property
    def is_answer(self) -> bool:
        return self in {Relevance.answer, Relevance.perhaps}


async def judge(passages: Sequence[Passage], text: str) -> Relevance:
    """Judges the passages of a search for this text."""
    answered = probability(passages, await topicality_of(text, passages))
    if answered >= _ANSWER or has_definition(text, passages):
        return Relevance.answer
    if answered >= _PERHAPS:
        return Relevance.perhaps
    return Relevance.near if answered >= _NEAR else Relevance.none
