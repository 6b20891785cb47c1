"""The chapter that a question names is found in the outline of a book."""

import pytest

from plccoach_api import ids
from plccoach_api.coach.retrieval.outlined_parts import chapter_of, with_whole_title
from plccoach_api.queries.books import BookOutline, OutlinedChapter
from plccoach_api.rules.questions.look_ups import AskedPart, asked_part


def outline(*titles: str) -> BookOutline:
    return BookOutline(
        id=ids.new(),
        title="Maps",
        authors=("Ada Quill",),
        year=None,
        edition=None,
        chapters=tuple(OutlinedChapter(id=ids.new(), number=None, title=title) for title in titles),
        first_page=None,
        last_page=None,
    )


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What does step 2 say?", "Step 2: Draw the map"),
        ("What is in tool 2?", "Tool 2: A ruler"),
        ("Summarize section 2", "Tool 2: A ruler"),
        ("What happens in week 2?", None),
    ],
)
def test_a_part_with_a_word_and_a_number_is_the_chapter_whose_title_begins_with_them(
    question: str, title: str | None
) -> None:
    book = outline("Tool 2: A ruler", "Step 1: Walk", "Step 2: Draw the map", "Step 12: Rest")
    part = asked_part(question)
    assert part
    found = chapter_of(book, part)
    assert (found.title if found else None) == title


def test_a_word_of_a_title_that_a_book_has_twice_names_that_chapter() -> None:
    part = AskedPart(kind="chapter", title="maps")
    assert with_whole_title(part, [outline("Drawing Maps", "Rulers", "Drawing Maps")]).title == "Drawing Maps"
