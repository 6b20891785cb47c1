"""The questions of a message that says more than them."""

import pytest

from plccoach_api.rules.questions.asked import asked_in, tells_a_story

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


def test_a_story_has_several_words_around_its_questions() -> None:
    assert tells_a_story(f"I teach band in a small district near the sea. {QUESTION}", QUESTION)
    assert not tells_a_story(f"Hi, I'm Guadalupe from Room 12. {QUESTION}", QUESTION)
    assert not tells_a_story("Tell me about norms. What is a good example?", "What is a good example?")
