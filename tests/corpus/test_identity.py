"""The identity of a book, and texts that the database could not store."""

from dataclasses import replace

import pytest

from plccoach_api.corpus.book import Book, Chapter, PageStart, Paragraph
from plccoach_api.corpus.identity import identity_of, storable

BOOK = Book("Zebras", ("Zoe", "Ann"), 2020, (Chapter(1, "Stripes", (Paragraph.on("Black and white.", 3),)),))


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"product_url": "https://example.org"}, True),
        ({"chapters": ()}, True),
        ({"title": "Horses"}, False),
        ({"authors": ("Zoe",)}, False),
        ({"year": 2021}, False),
        ({"edition": "2nd"}, False),
        ({"year": None, "edition": "2020"}, True),
    ],
)
def test_a_book_is_the_same_if_its_title_authors_and_edition_or_year_are(
    changes: dict[str, object], *, same: bool
) -> None:
    assert (identity_of(replace(BOOK, **changes)) == identity_of(BOOK)) is same  # type: ignore[arg-type]


def test_the_year_does_not_distinguish_books_of_one_edition() -> None:
    second = replace(BOOK, edition="2nd")
    assert identity_of(second) == identity_of(replace(second, year=2021))


def test_an_overlong_title_is_cut_and_the_report_says_so() -> None:
    stored = storable(replace(BOOK, title="z" * 299 + " zz zz"))
    assert stored.title == "z" * 299
    assert [(each.reason, each.characters, each.is_lost) for each in stored.left_out] == [
        ("the end of the title, which has more than 300 characters", 4, False)
    ]
    assert storable(replace(BOOK, title="z" * 300)).left_out == ()


def test_characters_that_the_database_refuses_are_replaced_and_pages_keep_their_offsets() -> None:
    text = Paragraph("Black\x00and\ud800white", (PageStart(0, 1), PageStart(9, 2)))
    stored = storable(
        replace(
            BOOK,
            title="\x00Zeb\x00ras",
            authors=("Zoe\x00", "\x00"),
            edition="\x00",
            product_url="x\x00",
            chapters=(Chapter(2**40, "Str\x00ipes", (text,)),),
        )
    )
    assert (stored.title, stored.authors, stored.edition, stored.product_url) == ("Zeb ras", ("Zoe",), None, "x")
    assert stored.chapters == (Chapter(None, "Str ipes", (replace(text, text="Black and white"),)),)


@pytest.mark.parametrize("year", [0, -1, 10_000, 2**40])
def test_a_year_that_is_none_is_left_out(year: int) -> None:
    assert storable(replace(BOOK, year=year)).year is None


def test_a_title_of_nothing_but_refused_characters_gets_a_name() -> None:
    assert storable(replace(BOOK, title="\x00")).title == "Untitled book"
