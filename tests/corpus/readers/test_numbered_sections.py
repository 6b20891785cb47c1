"""Headings of sections that are told by their numbers: `(2) Tools` in a law, `6.2.1 Tools` below `6.2 The Shed`."""

from plccoach_api.corpus.book import Paragraph
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder

PROSE = "The school shall keep its tools in the shed."


def _read(*texts: str) -> list[str]:
    builder = ChapterBuilder()
    for text in ("Chapter 1: Garden", *texts):
        builder.add(Paragraph(text))
    [chapter] = builder.chapters()
    return [each.text for each in chapter.paragraphs]


def test_a_number_in_brackets_with_a_title_heads_the_text_below_it() -> None:
    texts = ["(1) Keeping of tools", PROSE, "(2) Open hours", "(A) Summer", PROSE, "(B) Winter", PROSE]
    assert _read(*texts) == [
        "### (1) Keeping of tools", PROSE, "### (2) Open hours", "### (A) Summer", PROSE, "### (B) Winter", PROSE,
    ]  # fmt: skip


def test_a_heading_that_names_nothing_hides_none_above_it() -> None:
    assert _read("(2) Open hours", "(A) In general", PROSE)[:2] == ["### (2) Open hours", "(A) In general"]


def test_items_of_a_list_and_broken_sentences_are_no_headings() -> None:
    items = ["The shed has", "(1) Two spades", "(2) A rake", "(3) One hose", "That is all of it."]
    assert _read(*items) == items
    sentences = ["(a) The head of the school shall", "(1) open the shed; and", "(2) close it.", "(b) a key", PROSE]
    assert _read(*sentences) == sentences


def test_a_number_below_that_of_a_heading_is_a_heading() -> None:
    texts = ["### 6.2 The Shed", "6.2.1 Tools", PROSE, "6.2.2 Keys", "- One key."]
    assert _read(*texts) == ["### 6.2 The Shed", "#### 6.2.1 Tools", PROSE, "#### 6.2.2 Keys", "- One key."]
    others = ["### 6.2 The Shed", "7.1.1 Tools", PROSE, "6.2.1 litres of water are too much.", "6.2.1 litres"]
    assert _read(*others) == others
