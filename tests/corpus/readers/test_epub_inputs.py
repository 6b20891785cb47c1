"""Each small EPUB in tests/corpus/inputs stands for a kind of fault that was found on public files."""

from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book, PageStart
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.epub_files import chapters, paragraphs

INPUTS = Path(__file__).parents[1] / "inputs"
STANDARDS = (
    "Teams that meet every week agree on the essential standards first, and they write common assessments before the "
    "unit begins."
)
SUPPORT = "Support is given during the day and never after school only, because every student is entitled to time."


def read_input(name: str) -> Book:
    return read(INPUTS / f"epub-{name}.epub")


@pytest.mark.parametrize(
    ("name", "title", "expected_chapters", "expected_paragraphs"),
    [
        ("opf-gb2312", "GB Book", [(None, "")], [STANDARDS]),
        ("font-dfont", "Odd Font", [(None, "")], [STANDARDS]),
        ("nfd-names", "Accented Names", [(None, "")], [STANDARDS]),
        ("image-in-spine", "Image in the Spine", [(None, "")], [STANDARDS, SUPPORT]),
        ("bom", "BOM Book", [(None, "One"), (None, "Two")], [STANDARDS, SUPPORT]),
        ("utf16", "UTF-16 Book", [(None, "One"), (None, "Two")],
         [STANDARDS, "The caf\u00e9 in Z\u00fcrich.", SUPPORT]),
        ("toc-page", "Contents Page in the Spine", [(None, "Goals"), (None, "Support")], [STANDARDS, SUPPORT]),
        ("one-file", "One File", [(1, "Goals"), (2, "Evidence"), (3, "Support")],
         [STANDARDS, "Evidence of learning is read by the whole team before the next unit.", SUPPORT]),
        ("nav-parts", "Unlinked Parts", [(1, "Goals"), (2, "Evidence"), (3, "Support"), (4, "Leaders")],
         [STANDARDS, SUPPORT] * 4),
        ("chapter-stop", "Titles with a Stop", [(1, "Loomings"), (2, "The Carpet-Bag")], [STANDARDS] * 2),
    ],
)  # fmt: skip
def test_an_input_gives_its_chapters_and_all_of_its_text(
    name: str, title: str, expected_chapters: list[tuple[int | None, str]], expected_paragraphs: list[str]
) -> None:
    book = read_input(name)
    assert book.title == title
    assert chapters(book) == expected_chapters
    assert paragraphs(book) == expected_paragraphs
    assert book.share == 1


def test_a_damaged_text_harms_no_other_and_its_share_is_lost() -> None:
    book = read_input("corrupt")
    assert set(paragraphs(book)) == {STANDARDS}
    assert [each.reason for each in book.left_out if each.is_lost] == [
        "OEBPS/c2.xhtml could not be read: its data is damaged"
    ]
    assert book.share == pytest.approx(5429 / (5429 + 4589), abs=0.01)


def test_a_picture_and_a_list_of_contents_that_are_left_out_are_said() -> None:
    assert [each.reason for each in read_input("image-in-spine").left_out] == ["1 pictures in the reading order"]
    assert [each.reason for each in read_input("toc-page").left_out] == ["list of contents"]


def test_page_marks_are_no_words_and_give_the_pages() -> None:
    book = read_input("pagebreak-text")
    first, second = book.chapters[0].paragraphs
    assert first.text == "Teams that meet every week agree on goals, and they check them."
    assert first.page_starts == (
        PageStart(first.text.index("every"), 12),
        PageStart(first.text.index("they check"), 13),
    )
    assert second.text == "Next comes the work of the team in the school."


def test_the_title_page_is_the_main_title_the_publication_year_and_the_authors() -> None:
    book = read_input("titles")
    assert (book.title, book.authors, book.year) == ("Teams at Work", ("Pat Example",), 2008)
