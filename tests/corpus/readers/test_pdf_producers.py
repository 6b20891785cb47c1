"""PDFs as programs write them that print, export or convert: Qt, Skia, Word, layout programs."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.pdf_objects import FONT, FONT_NUMBER, line, lines, write_pdf
from tests.corpus.readers.test_pdf_kinds import FRUITS, OUTLINES, outline, page_about, target, text_of, titles

# The widths of Helvetica's letters, in thousandths of its size.
WIDTHS = dict.fromkeys("abdeghnopqu", 556) | dict.fromkeys("cksvxyz", 500) | dict.fromkeys("ijl", 222) | {
    "t": 278, "f": 278, "r": 333, "m": 833, "w": 722
}  # fmt: skip


def letter_by_letter(text: str, y: float, *, space: float, spacing: float = 0.0) -> str:
    """Returns a line whose letters are drawn one by one, without the spaces, as Qt and Skia do it."""
    drawn, x, size = [], 72.0, 10.0
    for letter in text:
        if letter == " ":
            x += space
        else:
            drawn.append(line(letter, y, size=size, x=round(x, 3)))
            x += WIDTHS[letter] * size / 1000 + spacing
    return "\n".join(drawn)


def test_words_that_a_narrow_gap_divides_are_not_glued(tmp_path: Path) -> None:
    text = letter_by_letter("a team in its first six weeks is an ill fit", 700, space=1.9)
    path = write_pdf(tmp_path / "book.pdf", [text + "\n" + lines(["Every team meets in the first week."], top=600)])
    assert "in its first six weeks is an ill fit" in text_of(read(path))


def test_spaced_letters_are_one_word(tmp_path: Path) -> None:
    text = letter_by_letter("handbook", 700, space=1.9, spacing=1.8)
    path = write_pdf(tmp_path / "book.pdf", [text + "\n" + lines(["Every team meets in the first week."], top=600)])
    assert "handbook" in text_of(read(path))


def test_a_ligature_is_no_gap(tmp_path: Path) -> None:
    """Its two letters have the place of one glyph."""
    names = "1 beginbfchar <71> <00660069> endbfchar"
    cmap = f"/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <FF> endcodespacerange {names} end"
    objects = {
        FONT_NUMBER: FONT.replace(">>", "/ToUnicode 300 0 R >>"),
        300: f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    }
    text = letter_by_letter("the qndings of an qll", 700, space=2.8)
    path = write_pdf(tmp_path / "book.pdf", [text + "\n" + lines(["Every team meets."], top=600)], objects=objects)
    assert "the findings of an fill" in text_of(read(path))


def test_a_bookmark_without_a_heading_adds_no_text(tmp_path: Path) -> None:
    """Word makes a bookmark of each paragraph that has the style of a heading."""
    entries = ["Drive with care", "Wash the car", "Lock the car"]
    bookmarks = {
        200 + at: f"/Title ({entry}) {target(0)} /Next {201 + at} 0 R" for at, entry in enumerate([*entries, "Rules"])
    }
    pages = [lines(["Every driver signs the list in the office.", "The list stays there."]), page_about("apples")]
    path = write_pdf(tmp_path / "book.pdf", pages, objects=outline(bookmarks), catalog=OUTLINES)
    text = text_of(read(path))
    assert not any(entry in text for entry in entries)
    assert "Every driver signs the list" in text


def test_a_bookmark_of_a_whole_paragraph_is_no_chapter(tmp_path: Path) -> None:
    sentence = (
        "Every employee is held accountable for the state of the car and pays for any damage that the police find."
    )
    names = ["(Rules for Cars)", f"({sentence})", "<FEFF2022002000430061007200730020>", "(Rules for Boats)"]
    entries = {200 + at: f"/Title {name} {target(at)} /Next {201 + at} 0 R" for at, name in enumerate(names)}
    assert titles(tmp_path / "book.pdf", entries) == [(None, "Rules for Cars"), (None, "Rules for Boats")]


def test_a_line_that_a_bookmark_names_is_the_heading_of_a_section(tmp_path: Path) -> None:
    pages = [
        "\n".join([line(f"About {fruit}", 760, size=18), line(f"Sharing {fruit}", 700), page_text(fruit)])
        for fruit in FRUITS[:3]
    ]
    bookmarks = {
        200: f"/Title (About apples) {target(0)} /First 300 0 R /Next 201 0 R",
        201: f"/Title (About pears) {target(1)} /First 301 0 R /Next 202 0 R",
        202: f"/Title (About plums) {target(2)}",
        300: f"/Title (1.1 Sharing apples) {target(0)}",
        301: f"/Title (Sharing pears) {target(1)}",
    }
    book = read(write_pdf(tmp_path / "book.pdf", pages, objects=outline(bookmarks), catalog=OUTLINES))
    assert [chapter.paragraphs[0].text for chapter in book.chapters] == [
        "### Sharing apples",
        "### Sharing pears",
        "Sharing plums",
    ]


def page_text(fruit: str) -> str:
    return lines([f"Teams that like {fruit} meet every week,", f"and they share {fruit} with others."], top=660)


def test_the_name_of_an_anchor_is_no_chapter(tmp_path: Path) -> None:
    names = ["Apples", "how-to-reference-pears", "_Toc204586", "Grapes"]
    entries = {200 + at: f"/Title ({name}) {target(at)} /Next {201 + at} 0 R" for at, name in enumerate(names)}
    assert titles(tmp_path / "book.pdf", entries) == [(None, "Apples"), (None, "Grapes")]


def test_a_heading_that_repeats_the_last_goes_on_with_its_chapter(tmp_path: Path) -> None:
    """Slides repeat the title of the slide before."""
    slides = [("Why Teams Meet", "apples"), ("Why Teams Meet", "pears"), ("How Teams Meet", "plums"), ("Ends", "figs")]
    pages = [
        "\n".join([line(title, 760, size=24), lines([f"They like {fruit} every week.", f"They share {fruit}."])])
        for title, fruit in slides
    ]
    book = read(write_pdf(tmp_path / "book.pdf", pages))
    assert [chapter.title for chapter in book.chapters] == ["Why Teams Meet", "How Teams Meet", "Ends"]
    assert "pears" in "".join(each.text for each in book.chapters[0].paragraphs)


def test_long_text_in_large_type_begins_no_chapter(tmp_path: Path) -> None:
    long = ["Objective: students will read one source and write about the", "people who made it, the day and the place"]
    text = [f"They share the maps of {fruit} every week, and they like {fruit}." for fruit in FRUITS]
    pages = [
        "\n".join([line("Maps", 760, size=20), line(long[0], 700, size=20), line(long[1], 678, size=20),
                   lines(text, top=600)]),
        "\n".join([line("Globes", 760, size=20), lines(text, top=600)]),
    ]  # fmt: skip
    assert [chapter.title for chapter in read(write_pdf(tmp_path / "book.pdf", pages)).chapters] == ["Maps", "Globes"]


def test_numbers_of_a_figure_are_no_chapters(tmp_path: Path) -> None:
    pages = [
        "\n".join([line(number, 760, size=30), lines([f"They share {fruit} every week.", f"They like {fruit}."])])
        for number, fruit in [("0", "apples"), ("40", "pears"), ("80", "plums")]
    ]
    assert len(read(write_pdf(tmp_path / "book.pdf", pages)).chapters) == 1


def test_numbers_that_count_chapters_are_their_headings(tmp_path: Path) -> None:
    numbers = {0: "1", 1: "2", 4: "3"}
    pages = [
        "\n".join([line(numbers.get(at, ""), 700, size=30), lines([f"They share {fruit} every week."] * 2, top=600)])
        for at, fruit in enumerate(FRUITS[:6])
    ]
    assert len(read(write_pdf(tmp_path / "book.pdf", pages)).chapters) == len(numbers)


def test_a_head_in_large_type_may_name_its_page(tmp_path: Path) -> None:
    pages = [
        "\n".join([line(f"Terminal Responses 2.3 page {at + 1}", 770, size=16), page_about(fruit)])
        for at, fruit in enumerate(FRUITS[:6])
    ]
    text = text_of(read(write_pdf(tmp_path / "book.pdf", pages)))
    assert text.count("Terminal Responses") <= 1


@pytest.mark.parametrize(
    "title",
    [
        "p020-dutot.dvi",
        "localhost:50983/.export_tmp_sheet.md#",
        "https://example.org/policy",
        "doi:10.1016/j.example.2005.01.006",
        "Handbook_2024_final",
        "front-cover-student",
        "\\(anonymous\\)",
        "...........",
        "prices.xlsx",
    ],
)
def test_the_name_of_a_file_is_no_title(tmp_path: Path, title: str) -> None:
    pages = ["\n".join([line("Teams at Work", 760, size=24), page_about("apples")])]
    assert read(write_pdf(tmp_path / "book.pdf", pages, info=f"/Title ({title})")).title == "Teams at Work"


@pytest.mark.parametrize("author", ["josh", "banxb", "Owner", "Apple", "swilder2"])
def test_the_name_of_an_account_is_no_author(tmp_path: Path, author: str) -> None:
    info = f"/Title (Teams) /Author ({author})"
    assert read(write_pdf(tmp_path / "book.pdf", [page_about("apples")], info=info)).authors == ()


def pages_cited(path: Path, numbers: Sequence[str]) -> list[int | None]:
    """Returns the first page of each paragraph of a book on whose pages these numbers are printed."""
    pages = [
        "\n".join([line("Teams at Work", 770, size=8), page_about(fruit), line(number, 40, size=8)])
        for number, fruit in zip(numbers, FRUITS, strict=False)
    ]
    book = read(write_pdf(path, pages))
    return [each.first_page for chapter in book.chapters for each in chapter.paragraphs]


def test_without_labels_the_pages_are_those_that_are_printed(tmp_path: Path) -> None:
    numbers = ["", "", "1", "2", "3", "4", "5", "6"]
    assert pages_cited(tmp_path / "book.pdf", numbers) == [None, None, 1, 2, 3, 4, 5, 6]
    assert pages_cited(tmp_path / "book.pdf", [f"Page {at} of 150" for at in range(143, 150)]) == [*range(143, 150)]


def test_numbers_that_begin_anew_are_no_pages(tmp_path: Path) -> None:
    for numbers in (["1", "2", "3", "1", "2", "3", "1", "2"], ["1", "2", "3", "4", "1", "2", "3", "4", "5", "6"]):
        assert pages_cited(tmp_path / "book.pdf", numbers) == [*range(1, len(numbers) + 1)]
