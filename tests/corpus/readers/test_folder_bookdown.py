"""A folder that is one book of bookdown."""

from pathlib import Path

import pytest

from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_folder import chapters, write

BOOKDOWN = {
    "_bookdown.yml": 'book_filename: teams\ndelete_merged_file: true\nlanguage:\n  ui:\n    chapter_name: "Chapter "\n',
    "index.Rmd": (
        '---\ntitle: "Teams"\nauthor: ["Ada", "Grace"]\ndate: "2021-05-01"\nsite: bookdown::bookdown_site\n---\n\n'
        "# Preface {-}\n\nIt begins.\n\n```{r}\nlibrary(teams)\n```"
    ),
    "01-norms.Rmd": (
        "# (PART) Basics {-}\n\n# Norms {#norms}\n\nTeams agree.\n\n## How\n\nTogether.\n\n# Goals\n\nTeams aim."
    ),
    "02-more.rmd": "It goes on with goals.\n\n# (PART\\*) More {-}\n\n# Data\n\nTeams read it.",
    "03-tools.Rmd": "# (APPENDIX) Appendix {-}\n\n# Tools\n\nTeams have tools.",
    "_draft.Rmd": "# Draft\n\nNo.",
    "README.md": "# Teams\n\nNo.",
    "sub/other.Rmd": "# Other\n\nNo.",
}
CHAPTERS = [
    (None, "Preface", ["It begins."]),
    (1, "Norms", ["Teams agree.", "### How", "Together."]),
    (2, "Goals", ["Teams aim.", "It goes on with goals."]),
    (3, "Data", ["Teams read it."]),
    (None, "Tools", ["Teams have tools."]),
]


def test_a_book_of_bookdown_has_the_chapters_of_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    book = read(write(tmp_path, BOOKDOWN))
    assert (book.title, book.authors, book.year) == ("Teams", ("Ada", "Grace"), 2021)
    assert chapters(book) == CHAPTERS
    assert book.share == 1


@pytest.mark.parametrize(
    "setting",
    [
        'rmd_files: ["./02-more.rmd", "01-norms.Rmd", "index.Rmd", "01-norms.Rmd"]',
        "rmd_files:\n  latex: [03-tools.Rmd]\n  html: [index.Rmd, 02-more.rmd, 01-norms.Rmd]",
    ],
)
def test_the_settings_of_bookdown_may_name_the_files(tmp_path: Path, setting: str) -> None:
    book = read(write(tmp_path, BOOKDOWN | {"_bookdown.yml": setting}))
    assert [each.title for each in book.chapters] == ["Preface", "Data", "Norms", "Goals"]


@pytest.mark.parametrize(
    ("setting", "last"), [("rmd_subdir: true", "Other"), ("rmd_subdir: [sub, ../out]", "Other"), ("x: y", "Tools")]
)
def test_the_files_of_bookdown_may_be_in_folders(tmp_path: Path, setting: str, last: str) -> None:
    write(tmp_path / "out", {"secret.Rmd": "# Secret\n\nNo."})
    book = read(write(tmp_path / "book", BOOKDOWN | {"_bookdown.yml": setting}))
    assert [each.title for each in book.chapters][-1] == last
    assert "Secret" not in {each.title for each in book.chapters}


def test_chapters_of_bookdown_have_no_number_where_the_book_asks_for_none(tmp_path: Path) -> None:
    output = "bookdown::gitbook:\n  number_sections: no\nbookdown::pdf_book: default\n"
    book = read(write(tmp_path, BOOKDOWN | {"_output.yml": output}))
    assert {each.number for each in book.chapters} == {None}


def test_the_number_in_a_heading_has_priority_over_the_count(tmp_path: Path) -> None:
    book = read(write(tmp_path, BOOKDOWN | {"01-norms.Rmd": "# Chapter 7: Norms\n\nTeams agree."}))
    assert [each.number for each in book.chapters] == [None, 7, 2, None]


@pytest.mark.parametrize("settings", ["", "[broken", "rmd_files: [../secret.Rmd]"])
def test_a_folder_with_a_bookdown_file_and_no_file_of_the_book_is_not_one_book(tmp_path: Path, settings: str) -> None:
    assert not is_book_folder(write(tmp_path / "book", {"_bookdown.yml": settings, "a.md": "# A\n\nText."}))


def test_a_folder_with_an_empty_bookdown_file_is_one_book(tmp_path: Path) -> None:
    assert chapters(read(write(tmp_path, BOOKDOWN | {"_bookdown.yml": ""}))) == CHAPTERS
