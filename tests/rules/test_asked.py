"""The questions of a message that says more than them."""

import pytest

from plccoach_api.rules.asked import asked_in

QUESTION = "How do we write SMART goals?"


@pytest.mark.parametrize(
    "message",
    [
        QUESTION,
        f"Hi, I'm Guadalupe from Chattahoochee Elementary. {QUESTION}",
        f"Good morning!\n\n{QUESTION}\n\nThanks, Mrs. Kowalczyk",
        f"I teach band in a small district. {QUESTION} I have to tell my department on Monday.",
    ],
)
def test_a_greeting_an_introduction_and_thanks_are_left_out(message: str) -> None:
    assert asked_in(message) == QUESTION


def test_every_question_of_a_message_is_kept() -> None:
    message = "Hello. What is a PLC? Our team is new. How does a team begin with norms?"
    assert asked_in(message) == "What is a PLC? How does a team begin with norms?"


@pytest.mark.parametrize(
    "message", ["Our team has no norms. What now?", "Tell me about SMART goals.", "SMART goals", "?", ""]
)
def test_a_message_without_a_whole_question_stays_as_it_is(message: str) -> None:
    assert asked_in(message) == message
