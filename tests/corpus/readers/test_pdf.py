"""Books read from PDFs, which the tests make with known pages."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from fpdf import FPDF

from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.readers.read import read

SENTENCE = "Teams agree on what students should learn and how they will know that it was learned."
# In words, because lines that differ only in their numbers are taken for running heads.
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight")
ORDINALS = ("First", "Second", "Third")
PAGE_LISTS = {
    "Contents": {0: "Chapter 1: Beginnings ..... 2", 1: "Chapter 2: Norms ..... 4", 2: "Index ..... 7"},
    "Index": {0: "agendas, 2, 3", 1: "norms, 4-6", 2: "teams, see norms"},
}


def paragraph_of(page: int, number: int) -> str:
    where = f"{ORDINALS[number]} of page {WORDS[page]}"
    return f"{where} begins. {SENTENCE} {SENTENCE} And that was the {where}."


class Pages(FPDF):
    """Every page has a head and a page number, as in a printed book."""

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, "A HANDBOOK OF TEAMS", align="C", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, str(self.page_no()), align="C")


def pdf(path: Path, chapters: Sequence[tuple[str, int]], *, outline: bool = True, title: str = "Teams") -> Path:
    """Writes a PDF. Each chapter has its number of pages, and each paragraph says on which page it is."""
    book = Pages()
    book.set_title(title)
    book.set_author("Ada Lovelace and Grace Hopper")
    for name, pages in chapters:
        for page in range(pages):
            book.add_page()
            if page == 0:
                if outline:
                    book.start_section(name)
                book.set_font("Helvetica", style="B", size=18)
                book.cell(0, 14, name, new_x="LMARGIN", new_y="NEXT")
            book.set_font("Helvetica", size=11)
            for number in range(3):
                text = PAGE_LISTS.get(name, {}).get(number) or paragraph_of(book.page_no(), number)
                book.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
                book.ln(6)
    book.output(str(path))
    return path


CHAPTERS = (("Chapter 1: Beginnings", 2), ("Chapter 2: Norms", 3))


def texts(book: Book) -> list[str]:
    return [each.text for chapter in book.chapters for each in chapter.paragraphs]


@pytest.mark.parametrize("outline", [True, False])
def test_a_pdf_has_the_chapters_of_its_outline_or_else_of_its_headings(tmp_path: Path, *, outline: bool) -> None:
    book = read(pdf(tmp_path / "book.pdf", CHAPTERS, outline=outline))
    assert (book.title, book.authors) == ("Teams", ("Ada Lovelace", "Grace Hopper"))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [(1, "Beginnings"), (2, "Norms")]


def test_without_chapter_headings_the_largest_headings_of_a_pdf_begin_its_chapters(tmp_path: Path) -> None:
    book = read(pdf(tmp_path / "book.pdf", [("Beginnings", 1), ("Norms", 2)], outline=False))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [(None, "Beginnings"), (None, "Norms")]


def test_paragraphs_of_a_pdf_are_whole_and_have_their_page_numbers(tmp_path: Path) -> None:
    book = read(pdf(tmp_path / "book.pdf", CHAPTERS))
    paragraphs = [each for chapter in book.chapters for each in chapter.paragraphs]
    assert len(paragraphs) == 15
    for at, paragraph in enumerate(paragraphs):
        page = at // 3 + 1
        assert paragraph.text == paragraph_of(page, at % 3)
        assert (paragraph.first_page, paragraph.last_page) == (page, page)


def test_running_heads_and_page_numbers_of_a_pdf_are_dropped(tmp_path: Path) -> None:
    text = " ".join(texts(read(pdf(tmp_path / "book.pdf", CHAPTERS))))
    assert "HANDBOOK" not in text
    assert "#" not in text


def test_contents_and_index_of_a_pdf_are_dropped(tmp_path: Path) -> None:
    book = read(pdf(tmp_path / "book.pdf", [("Contents", 1), *CHAPTERS, ("Index", 1)]))
    assert [chapter.title for chapter in book.chapters] == ["Beginnings", "Norms"]
    assert book.chapters[0].paragraphs[0].first_page == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It begins on the first page, continues", "and ends on the second."),
        ("It begins on the first page (and", "Goes on there)."),
        ("It begins on the first page -", "The one with its title."),
    ],
)
def test_a_paragraph_that_continues_on_the_next_page_is_joined(tmp_path: Path, first: str, second: str) -> None:
    book = FPDF()
    book.set_title("T")
    parts = [" ".join([SENTENCE] * 3), first, second]
    for page in (parts[:2], [parts[2], parts[0]]):
        book.add_page()
        book.set_font("Helvetica", size=11)
        for text in page:
            book.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
            book.ln(6)
    book.output(str(tmp_path / "book.pdf"))
    [chapter] = read(tmp_path / "book.pdf").chapters
    assert [(each.text, each.first_page, each.last_page) for each in chapter.paragraphs] == [
        (" ".join([SENTENCE] * 3), 1, 1),
        (f"{first} {second}", 1, 2),
        (" ".join([SENTENCE] * 3), 2, 2),
    ]


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    book = FPDF()
    book.set_encryption(owner_password="owner", user_password="user")
    book.add_page()
    book.set_font("Helvetica", size=11)
    book.cell(0, 8, SENTENCE)
    book.output(str(tmp_path / "book.pdf"))
    with pytest.raises(UnreadableBook, match="encrypted"):
        read(tmp_path / "book.pdf")


def test_a_scanned_pdf_is_refused(tmp_path: Path) -> None:
    book = FPDF()
    for _ in range(3):
        book.add_page()
        book.rect(10, 10, 50, 50)
    book.output(str(tmp_path / "book.pdf"))
    with pytest.raises(UnreadableBook, match="scan"):
        read(tmp_path / "book.pdf")


def test_a_pdf_that_was_cut_off_is_read_or_refused_without_a_crash(tmp_path: Path) -> None:
    whole = pdf(tmp_path / "book.pdf", CHAPTERS).read_bytes()
    for length in range(200, len(whole), len(whole) // 12):
        (tmp_path / "cut.pdf").write_bytes(whole[:length])
        with contextlib.suppress(UnreadableBook):
            assert read(tmp_path / "cut.pdf").chapters
