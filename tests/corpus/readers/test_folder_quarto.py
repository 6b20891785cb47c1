"""A folder that is one book of Quarto."""

from pathlib import Path

import pytest

from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_folder import chapters, write

QUARTO = {
    "_quarto.yml": (
        "project:\n  type: book\n  output-dir: ../docs\nbook:\n  title: Teams\n  subtitle: How they work\n"
        "  author:\n  - name: Ada\n  - Grace\n  date: 2023-04-01\n  chapters:\n"
        "  - preface.md\n  - index.qmd\n"
        "  - part: Basics\n    chapters:\n    - norms.qmd\n    - text: Our goals\n      file: goals.Rmd\n"
        "    - href: https://example.org\n      text: Site\n"
        "  - part: more.qmd\n    chapters:\n    - data.ipynb\n    - norms.qmd\n  - ../secret.qmd\n"
        "  appendices:\n  - tools.qmd\n"
    ),
    "index.qmd": "# Welcome {.unnumbered}\n\nHello.",
    "preface.md": "# Preface {-}\n\nIt begins.",
    "norms.qmd": '---\ntitle: "Norms"\n---\n\n# How {#sec-how}\n\nTeams agree.\n\n# Why\n\nThey trust.',
    "goals.Rmd": "# Goals {#goals}\n\nTeams aim.\n\n```{r}\nplot(goals)\n```",
    "more.qmd": "# More {#sec-more .unnumbered}\n\nThere is more.",
    "data.ipynb": '{"cells": [{"cell_type": "markdown", "source": ["# Data\\n", "\\nTeams read it."]}]}',
    "tools.qmd": "# Tools\n\nTeams have tools.",
    "unlisted.qmd": "# Not in the book\n\nNo.",
}


def test_a_book_of_quarto_has_its_chapters_and_counts_them(tmp_path: Path) -> None:
    (tmp_path / "secret.qmd").write_text("A secret.")
    book = read(write(tmp_path / "book", QUARTO))
    assert (book.title, book.authors, book.year) == ("Teams: How they work", ("Ada", "Grace"), 2023)
    assert chapters(book) == [
        (None, "Welcome", ["Hello."]),
        (None, "Preface", ["It begins."]),
        (1, "Norms", ["### How", "Teams agree.", "### Why", "They trust."]),
        (2, "Our goals", ["Teams aim."]),
        (None, "More", ["There is more."]),
        (3, "Data", ["Teams read it."]),
        (None, "Tools", ["Teams have tools."]),
    ]
    assert any(each.reason == "chapters that could not be read (../secret.qmd)" for each in book.left_out)


@pytest.mark.parametrize("setting", ["number-sections: false", "format:\n  html:\n    number-sections: false"])
def test_chapters_of_quarto_have_no_number_where_the_book_asks_for_none(tmp_path: Path, setting: str) -> None:
    settings = f"{setting}\n{QUARTO['_quarto.yml']}"
    book = read(write(tmp_path, QUARTO | {"_quarto.yml": settings}))
    assert {each.number for each in book.chapters} == {None}


@pytest.mark.parametrize(
    "settings",
    [
        "project:\n  type: website\nwebsite:\n  title: Teams\n",
        "project:\n  type: book\n",
        "project: book\nbook: [a.qmd]\n",
        "project:\n  type: book\nbook:\n  chapters: []\n",
        "[broken",
    ],
)
def test_another_project_of_quarto_is_not_one_book(tmp_path: Path, settings: str) -> None:
    assert not is_book_folder(write(tmp_path, QUARTO | {"_quarto.yml": settings}))


def test_a_file_that_a_chapter_includes_is_read_in_its_place(tmp_path: Path) -> None:
    files = {
        "norms.qmd": "# Norms\n\nOne.\n\n{{< include parts/_two.qmd >}}\n\nFour.\n",
        "parts/_two.qmd": "Two.\n\n{{< include _three.md >}}\n{{< include /tools.qmd >}}\n",
        "parts/_three.md": "Three.\n",
        "tools.qmd": "Tools.\n",
        "goals.Rmd": '# Goals\n\n```{r, child = "parts/_three.md", echo=FALSE}\n```\n\nEnd.\n',
    }
    found = {each.title: each for each in read(write(tmp_path, QUARTO | files)).chapters}
    assert [each.text for each in found["Norms"].paragraphs] == ["One.", "Two.", "Three.", "Tools.", "Four."]
    assert [each.text for each in found["Our goals"].paragraphs] == ["Three.", "End."]


def test_an_included_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret.qmd").write_text("A secret.")
    norms = "# Norms\n\nOne.\n\n{{< include ../secret.qmd >}}\n{{< include gone.qmd >}}\n{{< include norms.qmd >}}\n"
    book = read(write(tmp_path / "book", QUARTO | {"norms.qmd": norms}))
    reasons = [each.reason for each in book.left_out if each.is_lost]
    assert "included files that could not be read (../secret.qmd, gone.qmd, norms.qmd)" in reasons
    assert not any("secret" in paragraph.text for each in book.chapters for paragraph in each.paragraphs)


def test_what_is_included_is_bounded_for_all_files_together(tmp_path: Path) -> None:
    many = "{{< include _a.md >}}\n\n" * 60
    files = {"norms.qmd": f"# Norms\n\n{many}", "_a.md": many, "_b.md": "Text.\n"}
    book = read(write(tmp_path, QUARTO | files | {"_a.md": "{{< include _b.md >}}\n\n" * 60}))
    norms = next(each for each in book.chapters if each.title == "Norms")
    assert 900 < len(norms.paragraphs) < 1000
    assert any(each.reason == "included files that could not be read (_b.md, _a.md)" for each in book.left_out)
