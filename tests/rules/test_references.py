"""The references of an answer's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.references import references, without_references


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Teams meet. [1] They plan. [2][3]", [1, 2, 3]),
        ("[1]", [1]),
        ("No reference: [], [a], [1234], (1)", []),
        ("Code `a[1]` and [2]", [2]),
        ("Code ``a[`1]`` and [2]", [2]),
        ("```\na[1]\n```\nThen [2]", [2]),
        ("~~~ python\na[1]\n```\na[2]\n~~~\nThen [3]", [3]),
        ("Use ``a ` b[1]`` here [2]", [2]),
        ("Use ``a[1]` here [2]", [1, 2]),
        ("```\na[1]\n``` x\na[2]\n``` \nThen [3]", [3]),
        ("```\na[1]\n and no end", []),
        ("One ` alone [1]", [1]),
    ],
)
def test_numbers_in_brackets_are_references_outside_code(text: str, numbers: list[int]) -> None:
    assert [reference.number for reference in references(text)] == numbers


@given(st.text(st.sampled_from("[12]`~ \n👩🏽é")))
def test_a_reference_stands_at_its_place_in_code_points(text: str) -> None:
    for number, start, end in references(text):
        assert text[start:end] == f"[{number}]"


def test_a_text_without_its_references_keeps_its_code() -> None:
    text = "Teams meet [1][2]. Use `x[1]` here. [3]\n\n```\na [1]\n```"
    assert without_references(text) == "Teams meet. Use `x[1]` here.\n\n```\na [1]\n```"
