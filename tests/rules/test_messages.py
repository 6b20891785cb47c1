"""Titles are the first 50 characters of the first question."""

import pytest

from plccoach_api.rules.messages import title_of


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Why?", "Why?"),
        ("x" * 50, "x" * 50),
        ("x" * 51, "x" * 50 + "…"),
        ("é" * 60, "é" * 50 + "…"),
        ("a" * 49 + " b", "a" * 49 + " …"),
    ],
)
def test_a_title_has_50_characters_and_an_ellipsis_only_when_it_was_cut(question: str, title: str) -> None:
    assert title_of(question) == title
