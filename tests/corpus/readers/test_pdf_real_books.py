"""Kinds of PDFs that books in public repositories showed: heads, parts, contents and notes."""

from pathlib import Path

from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.pdf_objects import line, lines, write_pdf
from tests.corpus.readers.test_pdf_kinds import FRUITS, OUTLINES, outline, page_about, target, text_of, titles


def test_a_running_head_with_the_number_of_its_page_may_appear_once(tmp_path: Path) -> None:
    pages = [page_about(fruit) + line(f"{at}", 40) for at, fruit in enumerate(FRUITS[:4], 1)]
    pages[1] = page_about("pears") + line("2 CHAPTER 1. GROWING FRUIT", 760)
    pages[2] = page_about("plums") + line("1.1. How Fruit Grows 3", 760)
    text = text_of(read(write_pdf(tmp_path / "book.pdf", pages)))
    assert "GROWING" not in text
    assert "How Fruit" not in text
    assert all(fruit in text for fruit in FRUITS[:4])


def test_the_pages_of_chapters_show_that_bookmarks_without_numbers_stand_below_parts(tmp_path: Path) -> None:
    headings = ["Preface", "Part I", "Chapter 1", "Chapter 2", "Appendix A"]
    names = ["", "Orchards", "Apples", "Plums", "Forms"]
    pages = [
        line(heading, 760, size=20) + line(name, 730, size=20) + page_about(fruit)
        for heading, name, fruit in zip(headings, names, FRUITS, strict=False)
    ]
    entries = {
        200: f"/Title (Preface) {target(0)} /Next 201 0 R /First 205 0 R",
        201: f"/Title (Orchards) {target(1)} /First 202 0 R",
        202: f"/Title (Apples) {target(2)} /Next 203 0 R /First 206 0 R",
        203: f"/Title (Plums) {target(3)} /Next 204 0 R",
        204: f"/Title (Forms) {target(4)}",
        205: f"/Title (Thanks) {target(0)}",
        206: f"/Title (A section) {target(2)}",
    }
    book = read(write_pdf(tmp_path / "book.pdf", pages, objects=outline(entries), catalog=OUTLINES))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [
        (None, "Preface"),
        (None, "Orchards"),
        (1, "Apples"),
        (2, "Plums"),
        (None, "Forms"),
    ]
    assert "Appendix" not in text_of(book)


def test_a_bookmark_to_a_page_of_another_file_is_passed_over(tmp_path: Path) -> None:
    assert titles(
        tmp_path / "book.pdf",
        {
            200: f"/Title (Chapter 1: Apples) {target(0)} /Next 201 0 R",
            201: "/Title (Another book) /A << /S /GoToR /F (other.pdf) /D [1 /Fit] >> /Next 202 0 R",
            202: f"/Title (Chapter 2: Plums) {target(2)}",
        },
    ) == [(1, "Apples"), (2, "Plums")]


def test_a_list_of_contents_on_the_first_page_is_not_the_title(tmp_path: Path) -> None:
    contents = line("Contents", 760, size=20) + lines(["1 Apples 2", "2 Plums 3", "3 Grapes 4"])
    pages = [contents, *(page_about(fruit) for fruit in FRUITS[:3])]
    book = read(write_pdf(tmp_path / "orchard.pdf", pages, info=""))
    assert book.title == "orchard"
    assert "Plums 3" not in text_of(book)


def test_the_heading_of_the_first_chapter_is_not_the_title(tmp_path: Path) -> None:
    contents = line("Contents", 760, size=20) + lines(["1 Apples 1", "2 Plums 2"])
    pages = [
        contents + line("1 Apples", 600, size=20) + line("Teams like apples.", 570),
        line("2 Plums", 760, size=20) + line("Teams like plums.", 730),
    ]
    entries = {200: f"/Title (Apples) {target(0)} /Next 201 0 R", 201: f"/Title (Plums) {target(1)}"}
    book = read(write_pdf(tmp_path / "fruit.pdf", pages, info="", objects=outline(entries), catalog=OUTLINES))
    assert book.title == "fruit"
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [(1, "Apples"), (2, "Plums")]


def test_a_note_number_in_brackets_is_no_word(tmp_path: Path) -> None:
    content = line("Teams share learning", 700) + line("[4]", 704, size=6.5, x=171) + line(" with others.", 700, x=183)
    assert text_of(read(write_pdf(tmp_path / "book.pdf", [content]))) == "Teams share learning with others."


def test_each_note_at_the_foot_of_a_page_is_a_paragraph(tmp_path: Path) -> None:
    notes = line("12 Example, P. A study of teams.", 90, size=8) + line("13 Sample, R. Another study.", 80, size=8)
    book = read(write_pdf(tmp_path / "book.pdf", [page_about("apples") + page_about("apples") + notes]))
    assert [each.text for each in book.chapters[0].paragraphs][-2:] == [
        "12 Example, P. A study of teams.",
        "13 Sample, R. Another study.",
    ]


def test_a_page_part_i_shows_that_bookmarks_without_numbers_stand_below_parts(tmp_path: Path) -> None:
    """The headings of the chapters have the numbers, and the notes at the end repeat them."""
    headings = ["PART I", "1. Why Apples?", "2. Who Eats Plums?", "PART II", "3. What Are Figs?", "References"]
    pages = [line(heading, 760, size=20) + page_about(fruit) for heading, fruit in zip(headings, FRUITS, strict=False)]
    pages[0] = line("PART I", 760, size=20) + line("ORCHARDS", 730, size=20)
    pages[5] = line("References", 760, size=20) + line("Chapter 2", 730, size=16) + page_about("dates")
    entries = {
        200: f"/Title (Orchards) {target(0)} /First 201 0 R /Next 203 0 R",
        201: f"/Title (Why Apples?) {target(1)} /Next 202 0 R",
        202: f"/Title (Who Eats Plums?) {target(2)}",
        203: f"/Title (Bushes) {target(3)} /First 204 0 R /Next 205 0 R",
        204: f"/Title (What Are Figs?) {target(4)}",
        205: f"/Title (References) {target(5)}",
    }
    book = read(write_pdf(tmp_path / "book.pdf", pages, objects=outline(entries), catalog=OUTLINES))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [
        (1, "Why Apples?"),
        (2, "Who Eats Plums?"),
        (None, "Bushes"),
        (3, "What Are Figs?"),
        (None, "References"),
    ]
