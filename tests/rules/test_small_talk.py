"""Small talk gets a friendly line; a question never does."""

import pytest

from plccoach_api.rules.small_talk import small_talk
from tests.coach.retrieval.questions import ANSWERABLE, UNANSWERABLE


@pytest.mark.parametrize("text", ["hi", "Hi!", "HELLO…", "Good morning 👋", "Hey, how are you?", "What's up?"])
def test_a_greeting_is_answered_by_a_greeting(text: str) -> None:
    assert (small_talk(text) or "").startswith("Hello!")


@pytest.mark.parametrize(
    "text",
    ["Thanks a lot for your help", "thank you so much!!", "OK, thanks.", "That helps :)", "Great answer"],
)
def test_thanks_are_answered(text: str) -> None:
    assert (small_talk(text) or "").startswith("You're welcome!")


@pytest.mark.parametrize("text", ["Bye!", "Thanks, bye", "see you later", "Goodbye and thank you"])
def test_a_goodbye_is_answered_by_a_goodbye(text: str) -> None:
    assert (small_talk(text) or "").startswith("Goodbye")


@pytest.mark.parametrize("text", ["¡Hola!", "Buenos días", "muchas gracias"])
def test_spanish_is_answered_in_spanish(text: str) -> None:
    assert "su equipo" in (small_talk(text) or "")


@pytest.mark.parametrize("text", ["Who are you?", "What can you do?", "Are you a robot?"])
def test_a_question_about_the_coach_says_what_it_does(text: str) -> None:
    assert "cite" in (small_talk(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        *ANSWERABLE,
        *UNANSWERABLE,
        *(
            "",
            "?",
            "Thanks! How do we set norms?",
            "Hello, what is a PLC?",
            "How can I help my team?",
            "Norms",
            "hi " * 40,
        ),
    ],
)
def test_any_other_text_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None
