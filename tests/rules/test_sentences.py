"""The beginnings and ends of sentences, as spans of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.sentences import sentences


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("It is 3.5 points. Dr. Lee said so.", ["It is 3.5 points.", "Dr. Lee said so."]),
        ("See p. 4 for more. Then stop.", ["See p. 4 for more.", "Then stop."]),
        ('She said "Stop." Then she left.', ['She said "Stop."', "Then she left."]),
        ("No end", ["No end"]),
        ("# A heading\n\nA sentence.", ["A sentence."]),
        ("### Deep\n\nOne.\n\nTwo.", ["One.", "Two."]),
        ("- An item.\n- Another one.", ["An item.", "Another one."]),
        ("-  An item far from its mark.", ["An item far from its mark."]),
        ("1. First thing.\n2. Second thing.", ["First thing.", "Second thing."]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_a_text_is_split_into_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_list_belongs_to_the_sentence_that_introduces_it() -> None:
    text = "Teams do much. Each asks two questions:\n\n1. What is it?\n2. Who knows?\n\nThen they act."
    assert split(text) == [
        "Teams do much.",
        "Each asks two questions:\n\n1. What is it?\n2. Who knows?",
        "Then they act.",
    ]


def test_a_colon_without_a_list_is_an_ordinary_end() -> None:
    assert split("Remember this:\n\nTeams meet.") == ["Remember this:", "Teams meet."]


@given(st.text(alphabet=st.sampled_from('Aa1 .?!:\n-#"()é'), max_size=200))
def test_spans_never_overlap_and_never_leave_the_text(text: str) -> None:
    end = 0
    for span in sentences(text):
        assert end <= span.start < span.end <= len(text)
        assert span.of(text).strip() == span.of(text) != ""
        end = span.end
