"""The windows of a passage: a few consecutive sentences each, and together they contain all of them."""

import pytest

from plccoach_api.rules.sentences import Span, sentences
from plccoach_api.rules.windows import windows


def text_of(count: int) -> str:
    return " ".join(f"Sentence {number} is here." for number in range(count))


@pytest.mark.parametrize("count", range(1, 15))
def test_every_sentence_is_in_a_window_of_at_most_four(count: int) -> None:
    text = text_of(count)
    found = windows(text)
    assert {
        span for span in sentences(text) if any(each.start <= span.start and span.end <= each.end for each in found)
    } == {*sentences(text)}
    assert all(each.of(text).count("Sentence") == min(4, count) for each in found)
    assert len({*found}) == len(found)
    assert found == sorted(found, key=lambda each: each.start)


def test_a_passage_has_half_as_many_windows_as_sentences() -> None:
    assert len(windows(text_of(40))) == 19


@pytest.mark.parametrize("text", ["# Only a heading", "\n", "x"])
def test_a_text_without_sentences_is_one_window(text: str) -> None:
    assert windows(text) == [Span(0, len(text))]
