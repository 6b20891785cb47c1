"""Judges whether the passages of a search answer the question, come near to it, or have nothing to do with it."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from plccoach_api.coach.generation.selection.definitions import has_definition
from plccoach_api.coach.retrieval.topicality import topicality_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.relevance import probability

# Chosen on half a of the questions: see docs/decisions/retrieval.md.
_ANSWER = 0.3
_NEAR = 0.1


class Relevance(Enum):
    answer = auto()
    near = auto()
    """The passages are about something near the question, and probably do not answer it."""
    none = auto()


class Judgement(NamedTuple):
    relevance: Relevance
    probability: float
    """How probably the passages answer the question."""

    @property
    def is_answer(self) -> bool:
        return self.relevance is Relevance.answer


async def judge(passages: Sequence[Passage], model: str, text: str) -> Judgement:
    """Judges the passages of a search for this text with this embedder."""
    answered = probability(passages, model, await topicality_of(text, passages))
    if answered >= _NEAR and has_definition(text, passages):
        return Judgement(Relevance.answer, 1.0)
    if answered >= _ANSWER:
        return Judgement(Relevance.answer, answered)
    return Judgement(Relevance.near if answered >= _NEAR else Relevance.none, answered)
