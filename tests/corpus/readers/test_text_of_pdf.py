"""Plain texts out of a PDF: numbers of pages, a list of contents with pages, bullets on lines of their own."""

import time
from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.read import read

LISTED = """Table of Contents
WELCOME ............................................ i
1.
Rules of the Garden ................................ 1
1.1 Tools .......................................... 1
1.2 Watering and
Weeding ............................................ 2
2. Harvest ......................................... 4
"""
PAGES = (
    "1. Rules of the Garden \nEvery class has one bed, and looks after",
    "it until the summer.\n\n1.2 Watering and \nWeeding\nWater in the morning.\n\n• \nNever at noon.\n•\nNot in rain.",
    "Weeds go on the heap, and the heap is turned twice in each",
    "term.\n\n2. Harvest\nPick beans when they snap, because older beans",
    "are tough.",
)


def _read(folder: Path, text: str) -> Book:
    (folder / "garden book.txt").write_text(text)
    return read(folder / "garden book.txt")


def _numbered(pages: tuple[str, ...], *, at_the_foot: bool) -> str:
    if at_the_foot:
        return "\n\n".join(f"{page}\n\n{number}\n" for number, page in enumerate(pages, 1))
    return "\n\n".join(f"{number}\n\n{page}\n" for number, page in enumerate(pages, 1))


def test_lines_that_count_on_are_the_numbers_of_the_pages(tmp_path: Path) -> None:
    for at_the_foot in (True, False):
        book = _read(tmp_path, _numbered(("Garden book", *PAGES[:3], *PAGES[3:]), at_the_foot=at_the_foot))
        paragraphs = [each for chapter in book.chapters for each in chapter.paragraphs]
        assert [(each.text, each.first_page, each.last_page) for each in paragraphs[-2:]] == [
            (
                "Weeds go on the heap, and the heap is turned twice in each term.",
                4,
                5,
            ),
            ("2. Harvest Pick beans when they snap, because older beans are tough.", 5, 6),
        ]


def test_roman_numbers_before_the_first_page_are_left_out_and_are_no_title(tmp_path: Path) -> None:
    book = _read(tmp_path, f"i\n\nGarden book\n\nWe garden.\n\nii\n\n{_numbered(PAGES, at_the_foot=False)}")
    assert book.title == "Garden book"
    first, *_ = book.chapters[0].paragraphs
    assert (first.text, first.first_page) == ("We garden.", None)
    assert not any(each.text in {"i", "ii", "3"} for each in book.chapters[0].paragraphs)


def test_numbers_that_break_no_sentence_are_no_pages(tmp_path: Path) -> None:
    scores = "\n\n".join(f"{number}\n\nThe class counts its beans." for number in range(1, 9))
    preface, *chapters = _read(tmp_path, f"Scores\n\nWe count.\n\n{scores}").chapters
    assert preface.paragraphs[0].first_page is None
    assert [each.number for each in chapters] == [*range(1, 9)]


def test_a_list_of_contents_with_pages_names_chapters_and_sections_also_without_empty_lines(tmp_path: Path) -> None:
    book = _read(tmp_path, f"{LISTED}\nWELCOME\nDig in.\n\n{_numbered(PAGES, at_the_foot=False)}")
    assert [(each.number, each.title) for each in book.chapters] == [
        (None, "WELCOME"),
        (1, "Rules of the Garden"),
        (2, "Harvest"),
    ]
    rules = [each.text for each in book.chapters[1].paragraphs]
    assert rules[:3] == [
        "Every class has one bed, and looks after it until the summer.",
        "### 1.2 Watering and Weeding",
        "Water in the morning.",
    ]
    assert not any("...." in each.text for chapter in book.chapters for each in chapter.paragraphs)
    assert next(each.reason for each in book.left_out) == "list of contents"


def test_a_first_line_that_the_list_of_contents_has_is_no_title(tmp_path: Path) -> None:
    book = _read(tmp_path, f"WELCOME\nDig in.\n\n{LISTED}\n" + "\n\n".join(PAGES))
    assert book.title == "garden book"


def test_entries_in_capitals_are_the_chapters_of_a_list_that_has_others_too(tmp_path: Path) -> None:
    listed = (
        "THE BEDS .... 1\nSoil .... 1\nSeeds .... 2\nTHE TREES .... 3\nApples .... 3\nTHE POND .... 4\nFrogs .... 4\n"
    )
    text = (
        "THE BEDS\n\nSoil\nSoil is dark.\n\nSeeds\nSeeds sleep.\n\nTHE TREES\n\nApples\nApples ripen.\n\nTHE POND\n\n"
    )
    book = _read(tmp_path, f"Garden\n\nContents\n\n{listed}\n{text}Frogs\nFrogs sing.\n")
    assert [each.title for each in book.chapters] == ["THE BEDS", "THE TREES", "THE POND"]
    assert [each.text for each in book.chapters[0].paragraphs][2:] == ["### Seeds", "Seeds sleep."]


def test_a_bullet_on_its_own_line_marks_the_next_line(tmp_path: Path) -> None:
    [chapter] = _read(tmp_path, "Garden\n\nBring:\n\n• \ngloves that\nfit,\n•\na hat.\n▪\nwater\n").chapters
    assert chapter.paragraphs[1].text == "• gloves that fit,\n• a hat.\n▪ water"


def test_lettered_lines_are_items_when_they_count(tmp_path: Path) -> None:
    [chapter] = _read(
        tmp_path, "Garden\n\nOf a tool:\na. Clean it, as\nb. Wells says.\nc. Hang it up.\n\ne. Coli lives in\nsoil.\n"
    ).chapters
    assert [each.text for each in chapter.paragraphs] == [
        "Of a tool:\na. Clean it, as\nb. Wells says.\nc. Hang it up.",
        "e. Coli lives in soil.",
    ]


def test_a_short_line_above_a_full_one_is_a_heading_where_a_list_of_contents_names_others(tmp_path: Path) -> None:
    full = "The shed is open from eight in the morning until the last class has gone home,"
    shed = f"2.3  Opening Hours of the Shed\n{full}\nand it is locked after that.\n\nDear all,\n{full}\nand so on.\n"
    book = _read(tmp_path, f"{LISTED}\nWELCOME\n{shed}\n{_numbered(PAGES, at_the_foot=False)}")
    assert [each.text for each in book.chapters[0].paragraphs] == [
        "### 2.3  Opening Hours of the Shed",
        f"{full} and it is locked after that.",
        f"Dear all, {full} and so on.",
    ]
    glossary = "Garden Club\nA group of us that meets\non Fridays.\n\nOld Street\nNew Town\n12345\n"
    book = _read(tmp_path, f"{LISTED}\nWELCOME\n{glossary}\n{_numbered(PAGES, at_the_foot=False)}")
    assert [each.text for each in book.chapters[0].paragraphs] == [
        "### Garden Club",
        "A group of us that meets on Fridays.",
        "Old Street New Town 12345",
    ]
    [chapter] = _read(tmp_path, f"Title\n\n{shed}").chapters
    assert chapter.paragraphs[0].text.startswith("2.3  Opening Hours of the Shed The shed")


@pytest.mark.parametrize("line", ["." * 399 + "x", ". " * 199 + "x", "a " * 200, "1", "Contents", "i\n", "• ", "1.1 "])
def test_a_hostile_text_is_read_in_bounded_time(tmp_path: Path, line: str) -> None:
    started = time.process_time()
    _read(tmp_path, f"Garden\n\nText.\n\n{LISTED}\n" + f"{line}\n" * 1500 + "\n" + f"{line}\n\n" * 1500)
    assert time.process_time() - started < 5
