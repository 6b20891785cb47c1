"""The word that a misspelt word means."""

import pytest

from plccoach_api.rules.spelling import best_correction, is_right


@pytest.mark.parametrize(
    ("word", "similar", "correction"),
    [
        ("stuednt", ["student", "students"], "student"),
        ("asessment", ["assessment"], "assessment"),
        ("asesment", ["assessment"], None),
        ("colaberation", ["collaboration"], "collaboration"),
        ("rubbric", ["fabric", "rubric"], "rubric"),
        ("norns", ["morns", "norms"], "norms"),
        ("zebra", ["student"], None),
        ("zebra", [], None),
    ],
)
def test_the_nearest_word_is_meant(word: str, similar: list[str], correction: str | None) -> None:
    assert best_correction(word, similar) == correction


@pytest.mark.parametrize("word", ["film", "films", "filmed", "filming", "booked", "carries", "stopped", "filmbook"])
def test_a_common_word_and_its_forms_are_right(word: str) -> None:
    assert is_right(word, {"film", "bake", "carry", "stop", "book"}.__contains__)


@pytest.mark.parametrize("word", ["flim", "filn", "bakk", "xed", "s", "es"])
def test_any_other_word_may_be_misspelt(word: str) -> None:
    assert not is_right(word, {"film", "bake", "carry", "stop", "book"}.__contains__)
