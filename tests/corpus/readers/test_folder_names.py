"""A folder that is one book names files that no file system has."""

from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_folder import chapters, write

OUTLINES = {
    "mdbook": {"book.toml": '[book]\nsrc = "."\n', "SUMMARY.md": "- [Teams](teams.md)\n- [Lost]({})\n"},
    "quarto": {"_quarto.yml": 'project:\n  type: book\nbook:\n  chapters: [teams.md, "{}"]\n'},
    "bookdown": {"_bookdown.yml": 'rmd_files: [teams.md, "{}"]\n'},
    "jupyter book": {"_toc.yml": 'format: jb-book\nroot: teams\nchapters:\n  - file: "{}"\n'},
    "mkdocs": {"mkdocs.yml": 'docs_dir: .\nnav:\n  - teams.md\n  - "{}"\n'},
    "leanpub": {"Book.txt": "teams.md\n{}\n"},
    "sphinx": {"conf.py": "project = 'Teams'\n", "index.md": "```{{toctree}}\nteams\n{}\n```\n"},
    "included": {
        "_quarto.yml": "project:\n  type: book\nbook:\n  chapters: [teams.md]\n",
        "teams.md": "# Teams\n\nTeams agree.\n\n{{{{< include {} >}}}}",
    },
}


def lost(book: Book) -> list[str]:
    return [each.reason for each in book.left_out if each.is_lost]


@pytest.mark.parametrize("outline", OUTLINES)
@pytest.mark.parametrize("name", ["x" * 300 + ".md", "loop.md"], ids=["too long", "a link to itself"])
def test_a_name_that_no_file_has_costs_one_chapter(tmp_path: Path, outline: str, name: str) -> None:
    folder = write(tmp_path / "book", {"teams.md": "# Teams\n\nTeams agree."})
    write(folder, {file: text.format(name) for file, text in OUTLINES[outline].items()})
    (folder / "loop.md").symlink_to("loop.md")

    book = read(folder)

    assert (None, "Teams", ["Teams agree."]) in [(None, title, text) for _, title, text in chapters(book)]
    assert len(lost(book)) == 1


@pytest.mark.parametrize("outline", ["quarto", "bookdown", "jupyter book", "mkdocs"])
@pytest.mark.parametrize("name", [r"\0.md", "."])
def test_a_name_of_yaml_that_no_file_can_have_costs_one_chapter(tmp_path: Path, outline: str, name: str) -> None:
    folder = write(tmp_path / "book", {"teams.md": "# Teams\n\nTeams agree."})
    write(folder, {file: text.format(name) for file, text in OUTLINES[outline].items()})

    assert len(lost(read(folder))) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": 'docs_dir: "\\0"\nnav: [teams.md]\n'},
        {"_bookdown.yml": 'rmd_subdir: ["\\0"]\n'},
    ],
)
def test_a_folder_whose_chapters_are_in_a_folder_that_cannot_be_is_not_one_book(
    tmp_path: Path, files: dict[str, str]
) -> None:
    folder = write(tmp_path / "book", {"teams.md": "# Teams\n\nTeams agree."} | files)

    assert not is_book_folder(folder)
