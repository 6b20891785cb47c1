"""Questions that need the one before them, and questions that are complete."""

from dataclasses import dataclass

import pytest

from plccoach_api.rules.follow_ups import belong_together, is_incomplete


@dataclass(frozen=True)
class Found:
    coverage: float
    similarity: float


@pytest.mark.parametrize(
    "question", ["how often?", "And for secondary?", "What about parents?", "why not?", "Is it big?"]
)
def test_a_fragment_is_incomplete(question: str) -> None:
    assert is_incomplete(question)


@pytest.mark.parametrize(
    "question", ["What is metadata?", "How do retakes work?", "Who leads the team's meetings well?"]
)
def test_a_whole_question_is_complete(question: str) -> None:
    assert not is_incomplete(question)


def joined(question: str) -> bool:
    """Compares a question that one passage has all of with passages that have most of it and of the one before."""
    return belong_together(question, [Found(1, 0.49)], [Found(0.84, 0.51)])


def test_an_article_refers_to_what_was_named_before() -> None:
    assert joined("How do we split the work?")
    assert not joined("How do retakes work?")
    assert not joined("What is the expert blind spot?")
