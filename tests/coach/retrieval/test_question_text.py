"""A question has the characters of the books, wherever it was copied from."""

import unicodedata

import pytest

from plccoach_api.coach.retrieval.question_text import as_in_books

QUESTION = "How does a final café chat help?"


@pytest.mark.parametrize(
    "text",
    [
        QUESTION.replace(" ", "\u00a0"),
        QUESTION.replace(" ", " \u200b"),
        QUESTION.replace("chat", "ch\u00adat"),
        QUESTION.replace("fi", "\ufb01"),
        unicodedata.normalize("NFD", QUESTION),
        "\ufeff" + QUESTION,
        "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in QUESTION),
        QUESTION.replace(" ", "\t"),
        QUESTION.replace("does ", "does\n   "),
        QUESTION.replace("does ", "does\r\n"),
        QUESTION.replace("café", "*café*"),
        f"**{QUESTION}**",
        f"> {QUESTION}",
        f"- {QUESTION}",
        f"\u201c{QUESTION}\u201d",
        f'"{QUESTION}"',
        f"{QUESTION} \U0001f64f\u2764\ufe0f",
        f"<p>{QUESTION}</p>",
        f"<div><p>{QUESTION.replace('café', '<b>café</b>')}</p></div>",
        QUESTION.replace(" ", "&nbsp;"),
    ],
)
def test_marks_of_a_page_a_keyboard_and_an_editor_go(text: str) -> None:
    assert as_in_books(text) == QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "How do I use <p> in HTML?",
        "Is 2 * 3 * 4 a sum?",
        "What is snake_case_name?",
        "What is \u201cSMART\u201d?",
        "My team is new.\nWhat do we do first?",
        "\U0001f44d",
        "",
    ],
)
def test_what_a_reader_would_miss_stays(text: str) -> None:
    assert as_in_books(text) == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("whats a norm", "what's a norm"),
        ("wats a norm", "wat's a norm"),
        ("Hows trust built if we dont meet?", "How's trust built if we don't meet?"),
        ("cant we skip it, im new", "can't we skip it, i'm new"),
    ],
)
def test_an_apostrophe_that_nobody_typed_is_read(typed: str, read: str) -> None:
    assert as_in_books(typed) == read


def test_items_stay_apart() -> None:
    assert as_in_books("Which of these?\n- norms\n- goals") == "Which of these?\nnorms\ngoals"
