"""The pages of a quote."""

import pytest

from plccoach_api.coach.generation.citations import cite
from plccoach_api.rules.sentences import Span
from tests.coach.passages import passage

TEXT = "On page four. Over the turn to five. On page five. Far on, on page seven."
OFFSETS = (0, 23, 51)
NUMBERS = (4, 5, 7)


@pytest.mark.parametrize(
    ("quote", "pages"),
    [
        ("On page four.", (4, 4)),
        ("Over the turn to five.", (4, 5)),
        ("On page five.", (5, 5)),
        ("On page five. Far on, on page seven.", (5, 7)),
        ("Far on, on page seven.", (7, 7)),
        (TEXT, (4, 7)),
    ],
)
def test_a_citation_has_the_pages_on_which_its_quote_stands(quote: str, pages: tuple[int, int]) -> None:
    source = passage(TEXT, first_page=4, last_page=7, page_offsets=OFFSETS, page_numbers=NUMBERS)
    start = TEXT.index(quote)
    cited = cite(source, Span(start, start + len(quote)), 1)
    assert (cited.quote, cited.pages) == (quote, pages)


def test_a_quote_before_the_first_known_page_has_no_pages() -> None:
    source = passage(TEXT, first_page=5, last_page=5, page_offsets=(23,), page_numbers=(5,))
    assert cite(source, Span(0, 13), 1).pages is None


@pytest.mark.parametrize(("first", "last", "pages"), [(4, 7, (4, 7)), (None, None, None)])
def test_a_passage_that_was_loaded_without_offsets_gives_its_own_pages(
    first: int | None, last: int | None, pages: tuple[int, int] | None
) -> None:
    assert cite(passage(TEXT, first_page=first, last_page=last), Span(0, 13), 1).pages == pages


def test_a_passage_of_a_book_without_pages_has_none() -> None:
    source = passage(TEXT, first_page=None, last_page=None, page_offsets=(), page_numbers=())
    assert cite(source, Span(0, 13), 1).pages is None
