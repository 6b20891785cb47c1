"""A folder of Markdown files that is one book."""

import json
from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder
from plccoach_api.corpus.readers.read import read


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def chapters(book: Book) -> list[tuple[int | None, str, list[str]]]:
    return [(each.number, each.title, [paragraph.text for paragraph in each.paragraphs]) for each in book.chapters]


MDBOOK = {
    "book.toml": '[book]\ntitle = "Teams"\nauthors = ["Ada", "Grace"]\nsrc = "text"\n[output.html]\n',
    "text/SUMMARY.md": (
        "# Summary\n\n[Preface](preface.md)\n\n# Part One\n\n"
        "- [Norms](b.md)\n  - [More *norms*](c/more.md)\n- [Draft]()\n"
        "- [Goals](<a.md>)\n- [Secret](../../secret.md)\n- [Gone](gone.md)\n\n[Afterword](z.md)\n"
    ),
    "text/preface.md": "# Preface\n\nIt begins.",
    "text/b.md": "# The Norms\n\nTeams agree.\n\n## How\n\nTogether.",
    "text/c/more.md": "# More norms\n\nThey agree again.\n\n## Deep\n\nHere.",
    "text/a.md": "Goals have no heading.",
    "text/z.md": "# Afterword\n\nIt ends.",
    "text/unlisted.md": "# Not in the book\n\nNo.",
}


def test_an_mdbook_has_the_chapters_of_its_summary_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("A secret.")
    book = read(write(tmp_path / "book", MDBOOK))
    assert (book.title, book.authors) == ("Teams", ("Ada", "Grace"))
    assert chapters(book) == [
        (None, "Preface", ["It begins."]),
        (
            1,
            "Norms",
            ["Teams agree.", "### How", "Together.", "### More norms", "They agree again.", "#### Deep", "Here."],
        ),
        (3, "Goals", ["Goals have no heading."]),
        (None, "Afterword", ["It ends."]),
    ]
    part, left_out = book.left_out
    assert (part.reason, part.characters) == ("headings without text", len("PartOne"))
    assert left_out.reason == "chapters that could not be read (../../secret.md, gone.md)"
    assert left_out.is_lost
    assert book.share < 1


def test_a_jupyter_book_has_the_chapters_of_its_toc(tmp_path: Path) -> None:
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["# Data\n", "\n", "Teams read it."]},
            {"cell_type": "code", "source": "print(1)"},
        ]
    }
    book = read(
        write(
            tmp_path,
            {
                "_toc.yml": (
                    "format: jb-book\nroot: intro\nparts:\n- caption: Basics\n  chapters:\n"
                    "  - file: one\n    sections:\n"
                    "    - file: deep\n- caption: More\n"
                    "  chapters:\n  - file: nb\n    title: The Data\n"
                    "  - url: https://example.org\n"
                ),
                "_config.yml": "title: Teams\nauthor: Ada and Grace\ncopyright: '2022'\n",
                "intro.md": "---\nkey: x\n---\n# Welcome\n\nHello.",
                "one.md": "# 1. Norms\n\nTeams agree.",
                "deep.md": "# Deep\n\nThey do.",
                "nb.ipynb": json.dumps(notebook),
            },
        )
    )
    assert (book.title, book.authors, book.year) == ("Teams", ("Ada", "Grace"), 2022)
    assert chapters(book) == [
        (None, "Welcome", ["Hello."]),
        (1, "Norms", ["Teams agree.", "### Deep", "They do."]),
        (None, "The Data", ["Teams read it."]),
    ]
    assert [(each.reason, each.characters) for each in book.left_out] == [
        ("code", 8),
        ("headings without text", len("BasicsMore")),
    ]


@pytest.mark.parametrize(
    "toc",
    [
        (
            "root: intro\nparts:\n- caption: A\n  chapters:\n  - file: zero\n- caption: B\n  numbered: true\n"
            "  chapters:\n  - file: one\n    sections:\n    - file: deep\n- caption: C\n"
            "  numbered: 2\n  chapters:\n  - file: two\n"
        ),
        "root: intro\noptions: {numbered: true}\nchapters:\n- file: one\n  sections:\n  - file: deep\n- file: two\n",
    ],
)
def test_the_chapters_of_a_jupyter_book_are_numbered_where_its_outline_asks_for_it(tmp_path: Path, toc: str) -> None:
    names = ("intro", "zero", "one", "deep", "two")
    book = read(write(tmp_path, {"_toc.yml": toc, **{f"{name}.md": f"# {name.title()}\n\nText." for name in names}}))
    numbers = {each.title: each.number for each in book.chapters}
    assert (numbers["Intro"], numbers["One"], numbers["Two"]) == (None, 1, 2)
    assert numbers.get("Zero") is None
    assert "Deep" not in numbers


def test_mkdocs_has_the_pages_of_its_nav_and_its_tags_have_no_effect(tmp_path: Path) -> None:
    book = read(
        write(
            tmp_path,
            {
                "mkdocs.yml": (
                    "site_name: Teams\nsite_author: Ada\nmarkdown_extensions:\n- x: !!python/name:os.getcwd\n"
                    "theme: !ENV [A, b]\nnav:\n- index.md\n- Norms:\n  - First: norms/one.md\n  - norms/two.md\n"
                    "- Site: https://example.org\n"
                ),
                "docs/index.md": "# Home\n\nHello.",
                "docs/norms/one.md": "# One\n\nTeams agree.",
                "docs/norms/two.md": "---\ntitle: Second\n---\n\nThey do.",
            },
        )
    )
    assert (book.title, book.authors) == ("Teams", ("Ada",))
    assert chapters(book) == [
        (None, "Home", ["Hello."]),
        (None, "First", ["Teams agree."]),
        (None, "Second", ["They do."]),
    ]


def test_a_gitbook_has_the_chapters_of_its_summary_and_the_numbers_of_their_titles(tmp_path: Path) -> None:
    book = read(
        write(
            tmp_path,
            {
                "book.json": '{\n\t"title": "Teams",\n\t"author": "Ada"\n}',
                "SUMMARY.md": (
                    "# Table of contents\n\n* [Introduction](README.md)\n* [1.0 - Norms](one/README.md)\n"
                    "  * [1.1 - Trust](one/trust.md)\n\n## Practice\n\n* [2.0 - Goals](two.md)\n"
                    "* [Site](https://example.org/a.md)\n"
                ),
                "README.md": "# Teams\n\nHello.",
                "one/README.md": "# Norms\n\nTeams agree.",
                "one/trust.md": "# Trust\n\nThey trust.",
                "two.md": "# Goals\n\nTeams aim.",
            },
        )
    )
    assert (book.title, book.authors) == ("Teams", ("Ada",))
    assert chapters(book) == [
        (None, "Introduction", ["Hello."]),
        (1, "Norms", ["Teams agree.", "### 1.1 - Trust", "They trust."]),
        (2, "Goals", ["Teams aim."]),
    ]
    assert [each.reason for each in book.left_out] == ["headings without text"]


def test_a_sidecar_inside_or_beside_the_folder_has_priority(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "book", {"_toc.yml": "- file: a\n", "a.md": "# A\n\nText.", "book.toml": "title = 'In'\nyear = 2001"}
    )
    assert (read(folder).title, read(folder).year) == ("In", 2001)
    (tmp_path / "book.toml").write_text('title = "Beside"')
    assert read(folder).title == "Beside"


def test_broken_bytes_of_the_chapters_are_lost_and_another_encoding_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"_toc.yml": "- file: a\n- file: b\n- file: c\n"})
    for name, broken in (("a", b"\xff\xff\xff"), ("b", b"\xff")):
        (tmp_path / f"{name}.md").write_bytes(b"# Title\n\n" + "Un caf\u00e9. ".encode() * 40 + broken)
    (tmp_path / "c.md").write_bytes("# C\n\nUn caf\u00e9 en ville.".encode("cp1252"))
    book = read(tmp_path)
    assert [(each.reason, each.characters, each.is_lost) for each in book.left_out if "title" not in each.reason] == [
        ("bytes that are no text", 4, True),
        ("nothing, but the file is not UTF-8 and was read as Windows-1252", 0, False),
    ]
    assert book.share < 1


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": "# A\n\nText."},
        {"book.toml": 'title = "A sidecar"', "a.md": "# A"},
        {"book.toml": "[book]\ntitle = 'No summary'"},
        {"mkdocs.yml": "site_name: No nav"},
        {"_toc.yml": "[broken"},
    ],
)
def test_another_folder_is_not_one_book(tmp_path: Path, files: dict[str, str]) -> None:
    assert not is_book_folder(write(tmp_path / "folder", files))
    with pytest.raises(UnreadableBook):
        read(tmp_path / "folder")


def test_a_file_beside_the_book_toml_of_mdbook_is_read_alone(tmp_path: Path) -> None:
    assert read(write(tmp_path, {**MDBOOK, "one.md": "# One\n\nText."}) / "one.md").title == "One"


SPHINX = {
    "conf.py": "project = 'Teams'\nauthor = \"Ada and Grace\"\nraise SystemExit\n",
    "index.md": (
        "# Welcome\n\nThis is a course.\n\n```{toctree}\n:maxdepth: 1\n:caption: Part One\n\nnorms\nHow to <c/goals>\n"
        "All lessons <https://example.org/>\nextras/*\nself\n```\n\n````{toctree}\nz.md\nnorms\n````\n"
    ),
    "norms.md": "(norms)=\n\n# The norms\n\nTeams agree.",
    "c/goals.md": "# Goals\n\nTeams have goals.\n\n```{toctree}\nmore\n```\n",
    "c/more.md": "# More goals\n\nThey are few.",
    "z.md": "# The end\n\nIt ends.",
    "unlisted.md": "# Not in the book\n\nNo.",
}


def test_the_toctrees_of_sphinx_are_the_outline_of_a_book(tmp_path: Path) -> None:
    book = read(write(tmp_path / "book", SPHINX))
    assert (book.title, book.authors) == ("Teams", ("Ada", "Grace"))
    assert chapters(book) == [
        (None, "Welcome", ["This is a course."]),
        (None, "The norms", ["Teams agree."]),
        (None, "How to", ["Teams have goals.", "### More goals", "They are few."]),
        (None, "The end", ["It ends."]),
    ]


@pytest.mark.parametrize("fence", [":::", "::::", "~~~"])
def test_toctrees_in_other_fences_are_the_same_outline(tmp_path: Path, fence: str) -> None:
    colons = {name: text.replace("````", "```").replace("```", fence) for name, text in SPHINX.items()}
    assert chapters(read(write(tmp_path / "colons", colons))) == chapters(read(write(tmp_path / "book", SPHINX)))


def test_a_folder_with_a_conf_py_and_no_toctree_is_no_book(tmp_path: Path) -> None:
    assert not is_book_folder(write(tmp_path / "book", SPHINX | {"index.md": "# Welcome\n\nThis is a course."}))
