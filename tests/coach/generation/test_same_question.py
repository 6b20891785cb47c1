"""Books that ask and answer what a reader asks, as a school's list of questions and answers does."""

import msgspec
import pytest

from tests.coach.passages import compose, passage

ASKED = "May students use phones during lunch?"
REPLY = "They stay in the locker until the last bell."
NEAR = "Phones ring at lunch, and many students use phones during lunch to call home."
WEIGHTS = {"student": 0.5, "use": 0.4, "phone": 2.5, "lunch": 2.0, "dure": 0.5}


def _first_quote(question: str, *texts: str) -> str:
    passages = [msgspec.structs.replace(passage(text), weights=WEIGHTS) for text in texts]
    return compose(question, passages).citations[0].quote


@pytest.mark.parametrize(
    "text",
    [
        f"### {ASKED}\n\n{REPLY}",
        f"**{ASKED}**\n\n{REPLY}",
        f"{ASKED} {REPLY}",
        f"{ASKED}\n\n{REPLY}",
        f"- {ASKED} {REPLY}",
        f"4. {ASKED}\n\n{REPLY}\n\n5. May students use tablets?\n\nTablets belong to the school.",
        f"Q: {ASKED}\n\nA: {REPLY}",
        f"Q. {ASKED}\nA. {REPLY}",
        f"**Q: {ASKED}**\n\n**A:** {REPLY}",
    ],
)
def test_the_reply_of_a_book_to_the_same_question_comes_first(text: str) -> None:
    assert REPLY in _first_quote(ASKED, NEAR, text)


def test_a_short_question_of_a_book_is_no_term() -> None:
    text = f"### Are phones used?\n\n{REPLY}"
    assert REPLY in _first_quote("Will a phone be used?", NEAR, text)


@pytest.mark.parametrize("other", ["Why do students use phones during lunch?", "Who may use phones during lunch?"])
def test_the_reply_to_another_question_about_the_same_gains_nothing(other: str) -> None:
    assert _first_quote(ASKED, NEAR, f"### {other}\n\n{REPLY}") == NEAR


def test_a_definition_comes_before_the_first_sentence_below_the_question() -> None:
    definition = "A phone is a small device with which students call home."
    text = f"### What is a phone?\n\nEveryone in the room laughed at first. {definition}"
    assert _first_quote("What is a phone?", NEAR, text).startswith(definition)


@pytest.mark.parametrize("mark", ["A:", "**A:**", "**A**:", "Answer:"])
def test_the_mark_of_a_reply_is_in_the_quote_but_not_in_the_content(mark: str) -> None:
    asked = msgspec.structs.replace(passage(f"Q: {ASKED}\n\n{mark} {REPLY}"), weights=WEIGHTS)
    answer = compose(ASKED, [asked])
    assert answer.citations[0].quote == f"{mark} {REPLY}"
    assert f"{REPLY} [1]" in answer.content.splitlines()
