"""Prompts fit into the context of a model, and a prompt that a server shortened is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.llm.context import fit_prompt, prompt_budget, prompt_tokens, was_cut, without_history
from plccoach_api.coach.llm.messages import Prompt
from plccoach_api.rules.tokens import estimated_tokens


def build(turns: int, passages: int) -> Prompt:
    """Builds a prompt of 100 tokens of instructions, 50 for each message before, and 200 for each passage."""
    history = [{"role": "user", "content": "h" * 200}] * turns
    return [{"role": "system", "content": "i" * 400}, *history, {"role": "user", "content": "p" * 800 * passages}]


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2)])
def test_a_token_is_estimated_at_four_characters(text: str, tokens: int) -> None:
    assert estimated_tokens(text) == tokens


@pytest.mark.parametrize(
    ("budget", "messages", "passages"),
    [(128_000, 12, 7), (1700, 5, 7), (1550, 2, 7), (1400, 2, 6), (700, 2, 2), (10, 2, 1)],
)
def test_a_long_prompt_loses_history_first_and_then_its_lowest_passages(
    budget: int, messages: int, passages: int
) -> None:
    fitted = fit_prompt(build, 10, 7, budget)
    assert (len(fitted.prompt), fitted.passages) == (messages, passages)
    assert prompt_tokens(fitted.prompt) <= budget or passages == 1


@given(turns=st.integers(0, 20), budget=st.integers(0, 3000))
def test_the_oldest_messages_are_left_out_and_never_the_instructions_or_the_question(turns: int, budget: int) -> None:
    prompt = build(turns, 2)
    kept = without_history(prompt, budget)
    assert (kept[0], kept[-1]) == (prompt[0], prompt[-1])
    assert prompt_tokens(kept) <= budget or len(kept) == 2
    assert len(kept) == len(prompt) or prompt_tokens(prompt) > budget


def test_the_answer_has_its_share_of_the_context() -> None:
    assert prompt_budget(4096, 1000) == 3096
    assert prompt_budget(1000, 4000) > 0


@pytest.mark.parametrize(("sent", "read", "cut"), [(6000, 4096, False), (6000, 2048, True), (400, 10, False)])
def test_a_server_that_reads_far_less_than_it_was_sent_has_cut_the_prompt(*, sent: int, read: int, cut: bool) -> None:
    assert was_cut(sent, read) is cut
