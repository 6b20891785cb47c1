"""The word that a misspelt word means."""

import pytest

from plccoach_api.rules.questions.spelling import (
    best_correction,
    function_word,
    is_right,
    may_lack_letter,
    other_spellings,
    with_lacking_letter,
)


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
        ("taem", ["term", "team"], "team"),
        ("tols", ["told", "tools"], "tools"),
        ("gols", ["golds", "gowls", "goals"], "goals"),
        ("bake", ["base", "bike", "brake"], None),
        ("bakk", ["back", "bank"], None),
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


def test_only_a_word_that_is_right_by_a_short_piece_may_lack_a_letter() -> None:
    words = ("filmment", "carries", "film")
    assert [each for each in words if may_lack_letter(each, {"film", "ment", "carry"}.__contains__)] == ["filmment"]


def test_a_word_that_lacks_a_letter_is_corrected_to_a_common_word_that_begins_like_it() -> None:
    common = {"boating", "floating"}.__contains__
    assert with_lacking_letter("boting", ["floating", "boxting", "boating"], common) == "boating"
    assert with_lacking_letter("oating", ["boating"], common) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("wat", "what"),
        ("waht", "what"),
        ("teh", "the"),
        ("hwo", "how"),
        ("wich", "which"),
        ("shoud", "should"),
        ("annd", "and"),
    ],
)
def test_a_slip_in_a_frequent_word_is_corrected(word: str, meant: str) -> None:
    assert function_word(word) == meant


@pytest.mark.parametrize("word", ["rti", "git", "mat", "hen", "xyz", "them", "theme", "norm", "andy", "hpc"])
def test_any_other_short_word_is_left_alone(word: str) -> None:
    assert function_word(word) in {None, word}


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("organize", "organise"),
        ("behaviour", "behavior"),
        ("center", "centre"),
        ("programme", "program"),
        ("counseling", "counselling"),
        ("analyse", "analyze"),
        ("defense", "defence"),
    ],
)
def test_british_and_american_spellings_are_known(word: str, other: str) -> None:
    assert other in other_spellings(word)
    assert word in other_spellings(other)


def test_short_words_have_one_spelling() -> None:
    assert not other_spellings("hour")
