"""The prompt for an answer: what it asks of a model, and what is left out when it is too long."""

import re

import pytest

from plccoach_api.coach.answer import AnswerRequest, Turn
from plccoach_api.coach.generation.prompt import fit_prompt
from plccoach_api.rules.messages import MessageRole
from tests.coach.passages import PASSAGES

TURNS = tuple(Turn((MessageRole.user, MessageRole.assistant)[index % 2], f"Turn {index}. " * 50) for index in range(4))
REQUEST = AnswerRequest(text="How does trust grow?", passages=PASSAGES, history=TURNS)


def left(budget: int) -> tuple[list[str], int, int]:
    """Returns the turns in the prompt, the number of its passages, and the number that the filter knows."""
    fitted = fit_prompt(REQUEST, budget)
    _, *turns, asked = fitted.prompt
    marks = re.findall(r"^\[(\d)\]$", asked["content"], re.MULTILINE)
    assert marks == [str(index) for index in range(1, len(marks) + 1)]
    assert asked["content"].endswith("Question:\nHow does trust grow?")
    return [turn["content"][:6] for turn in turns], len(marks), fitted.passages


def tokens(budget: int) -> int:
    return sum(len(message["content"]) for message in fit_prompt(REQUEST, budget).prompt) // 4


def test_a_prompt_that_fits_has_everything() -> None:
    assert left(100_000) == ([f"Turn {index}" for index in range(4)], 3, 3)


def test_a_prompt_that_is_too_long_loses_its_oldest_messages_and_then_its_lowest_passages() -> None:
    seen = [left(budget) for budget in range(tokens(100_000) + 100, 0, -20)]
    states = [state for index, state in enumerate(seen) if index == 0 or state != seen[index - 1]]
    all_turns = [f"Turn {index}" for index in range(4)]
    assert states == [
        *((all_turns[index:], 3, 3) for index in range(5)),
        *(([], count, count) for count in (2, 1)),
    ]


@pytest.mark.parametrize("budget", [2000, 1200, 1000])
def test_a_prompt_is_not_longer_than_its_budget(budget: int) -> None:
    assert tokens(budget) <= budget
