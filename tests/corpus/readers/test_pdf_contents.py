"""Lists of contents, title pages and headings beside the text, as programs for layout write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.pdf_objects import line, lines, write_pdf
from tests.corpus.readers.test_pdf_kinds import FRUITS, OUTLINES, outline, page_about, target, text_of

NAMES = [f"About {fruit}" for fruit in FRUITS[:6]]


def chapters_of(book: Book) -> list[tuple[int | None, str]]:
    return [(each.number, each.title) for each in book.chapters]


def opening(name: str, fruit: str, *, size: float = 16) -> str:
    return line(name, 760, size=size) + page_about(fruit)


def pages_about(names: list[str], *, size: float = 16) -> list[str]:
    return [opening(name, fruit, size=size) for name, fruit in zip(names, FRUITS, strict=False)]


@pytest.mark.parametrize(
    "entry", [lambda at, name: f"{name} {at}", lambda at, name: f"{at} {name}"], ids=["last", "first"]
)
def test_a_list_of_contents_without_dots_is_left_out_and_names_the_chapters(
    tmp_path: Path, entry: Callable[[int, str], str]
) -> None:
    listed = [entry(at, name) for at, name in enumerate(NAMES, 2)]
    cover = line("www.example.org", 700, size=24) + line("Phone: 503-715-1258", 600, size=24)
    contents = line("Contents", 740, size=16) + lines(listed)
    book = read(write_pdf(tmp_path / "book.pdf", [cover, contents, *pages_about(NAMES)]))
    assert [each for each in chapters_of(book) if each[1]] == [(None, name) for name in NAMES]
    assert not any(entry in text_of(book) for entry in listed)


def test_the_list_of_contents_counts_more_than_two_bookmarks_of_a_longer_book(tmp_path: Path) -> None:
    contents = line("Contents", 740, size=16) + lines([f"{name} {at}" for at, name in enumerate(NAMES, 2)])
    bookmarks = outline(
        {
            200: f"/Title (Cover sheet) {target(0)} /Next 201 0 R",
            201: f"/Title (Reference module) {target(1)}",
        }
    )
    path = write_pdf(tmp_path / "book.pdf", [contents, *pages_about(NAMES)], objects=bookmarks, catalog=OUTLINES)
    assert [each for each in chapters_of(read(path)) if each[1]] == [(None, name) for name in NAMES]


def test_lines_that_end_with_numbers_in_any_order_are_one_paragraph(tmp_path: Path) -> None:
    text = [f"Our team met often in {year}" for year in (2011, 2004, 2015, 2003, 2019, 2001)]
    assert text_of(read(write_pdf(tmp_path / "book.pdf", [lines(text)]))) == " ".join(text)


def test_a_roman_numeral_above_or_beside_a_title_is_the_number_of_a_chapter(tmp_path: Path) -> None:
    pages = []
    for numeral, fruit in zip(("I", "II", "III"), FRUITS, strict=False):
        pages += [
            line(f"Growing {fruit}", 600, size=30) + line(numeral, 640, size=30, x=500),
            page_about(fruit),
        ]
    book = read(write_pdf(tmp_path / "book.pdf", pages))
    assert chapters_of(book) == [(at, f"Growing {fruit}") for at, fruit in enumerate(FRUITS[:3], 1)]


def test_numbers_in_a_figure_are_no_chapters(tmp_path: Path) -> None:
    figure = line("21", 500, size=20) + line("XXX XXXX", 470, size=20)
    sum_of_two = line("2", 500, size=20) + line("25 + 37", 470, size=20)
    pages = [*pages_about(NAMES, size=24), page_about("apples") + figure, page_about("pears") + sum_of_two]
    assert chapters_of(read(write_pdf(tmp_path / "book.pdf", pages))) == [(None, name) for name in NAMES]


def test_a_heading_in_the_margin_stands_before_the_paragraph_beside_it(tmp_path: Path) -> None:
    text = lines(["Teams that like apples meet every week,", "and they share apples with others."]) + lines(
        ["Teams that like pears meet", "every month."], top=600
    )
    margin = line("Growing apples", 705, size=15, x=400) + line("Growing pears", 592, size=15, x=400)
    chapters = read(write_pdf(tmp_path / "book.pdf", [text + margin])).chapters
    assert [(each.title, each.paragraphs[0].text) for each in chapters] == [
        ("Growing apples", "Teams that like apples meet every week, and they share apples with others."),
        ("Growing pears", "Teams that like pears meet every month."),
    ]


def test_a_heading_at_the_foot_of_a_page_stays_there(tmp_path: Path) -> None:
    pages = [page_about("apples") + line("Growing pears", 600, size=15), page_about("pears")]
    [chapter] = read(write_pdf(tmp_path / "book.pdf", pages)).chapters
    assert [each.text[:20] for each in chapter.paragraphs] == [
        "Teams that like appl",
        "### Growing pears",
        "Teams that like pear",
    ]


def test_the_title_is_on_the_title_page_when_the_cover_is_a_picture(tmp_path: Path) -> None:
    title_page = line("Growing fruit together", 600, size=24) + line("Ann Author", 500, size=16)
    pages = ["", title_page, *pages_about(NAMES, size=30)]
    assert read(write_pdf(tmp_path / "book.pdf", pages, info="")).title == "Growing fruit together"


def test_the_picture_that_a_font_draws_is_no_title(tmp_path: Path) -> None:
    cover = line("+", 400, size=90) + line("Growing fruit", 600, size=24)
    assert read(write_pdf(tmp_path / "book.pdf", [cover, *pages_about(NAMES)], info="")).title == "Growing fruit"


def test_a_title_that_goes_on_in_small_letters_may_have_wide_gaps(tmp_path: Path) -> None:
    title = [line("Growing fruit in the gardens of the school", 600, size=18), line("and at home", 556, size=18)]
    path = write_pdf(tmp_path / "book.pdf", ["".join(title), *pages_about(NAMES)], info="")
    assert read(path).title == "Growing fruit in the gardens of the school and at home"


def test_a_running_head_may_be_a_question(tmp_path: Path) -> None:
    head = "PART ONE: WHO GROWS THE FRUIT?"
    pages = [
        (line(head, 770) if at % 2 and at < 20 else "") + page_about(f"{FRUITS[at // 10]} and {FRUITS[at % 10]}")
        for at in range(70)
    ]
    assert head not in text_of(read(write_pdf(tmp_path / "book.pdf", pages)))


def test_a_term_above_its_definition_begins_the_sentence(tmp_path: Path) -> None:
    glossary = line("Pollination", 700, size=12) + lines(["is the way from one flower to the next."], top=686)
    text = text_of(read(write_pdf(tmp_path / "book.pdf", [page_about("apples"), glossary])))
    assert "Pollination is the way from one flower to the next." in text


def test_a_bullet_that_is_named_twice_stands_once(tmp_path: Path) -> None:
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        "1 beginbfchar <01> <0076F076> endbfchar endcmap"
    )
    fonts = {
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >>",
        5: f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    }
    path = write_pdf(tmp_path / "book.pdf", [line("\\001 Teams that like apples meet.", 700)], objects=fonts)
    assert text_of(read(path)) == "\u2022 Teams that like apples meet."


def test_the_tick_of_a_symbol_font_at_the_beginning_of_a_line_is_a_bullet(tmp_path: Path) -> None:
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        "1 beginbfchar <01> <F0FC> endbfchar endcmap"
    )
    fonts = {
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >>",
        5: f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    }
    items = lines(["\\001 Teams that like apples meet.", "\\001 Others read a sign \\001 with care."])
    path = write_pdf(tmp_path / "book.pdf", [items], objects=fonts)
    text = text_of(read(path))
    assert text.startswith("\u2022 Teams that like apples meet.\n\u2022 Others read a sign")
    assert text.count("\u2022") == 2
