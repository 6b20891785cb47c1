"""A folder that is one book of Leanpub, in Markua."""

from pathlib import Path

import pytest

from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_folder import chapters, write

LEANPUB = {
    "Book.txt": "frontmatter:\n\npreface.md\nmainmatter:\nnorms.txt\nhow.markua\n# A comment\nnorms.txt\ndata.md\n",
    "Subset.txt": "preface.md\n",
    "preface.md": "{frontmatter}\n\n# Preface\n\nIt begins.\n\n{mainmatter}\n",
    "norms.txt": "-# Basics\n\n{#norms, class: big}\n# Norms\n\nTeams agree.\n",
    "how.markua": "## How\n\nTogether.\n\n# Goals\n\nTeams aim.\n",
    "data.md": "{class: part}\n# More\n\n# 4. Data\n\nTeams read it.\n",
    "unlisted.md": "# Not in the book\n\nNo.",
}
CHAPTERS = [
    (None, "Preface", ["It begins."]),
    (None, "Norms", ["Teams agree.", "### How", "Together."]),
    (None, "Goals", ["Teams aim."]),
    (4, "Data", ["Teams read it."]),
]


@pytest.mark.parametrize("place", ["", "manuscript"])
def test_a_book_of_leanpub_has_the_chapters_of_the_files_of_its_list(tmp_path: Path, place: str) -> None:
    write(tmp_path / "Team_book" / place, LEANPUB)
    book = read(tmp_path / "Team_book")
    assert book.title == "Team book"
    assert chapters(book) == CHAPTERS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A> ## Begin early\nA> Teams meet.", ["### Begin early", "Teams meet."]),
        ("T> Teams meet.\nT>\nT> They agree.", ["Teams meet.", "They agree."]),
        ("{blurb, class: tip}\nTeams meet.\n{/blurb}", ["Teams meet."]),
        ("{lang=ruby, line-numbers=off}\n~~~~\nputs 1\n~~~~\n\nTeams meet.", ["Teams meet."]),
        ("Teams meet.\n\n<<[A program](code/a.rb)\n\n<<(b.rb)", ["Teams meet."]),
        ("So {$$}x_1 = 2{/$$} holds.", ["So $x_1 = 2$ holds."]),
        ("{$$}\nx_1 = 2\n{/$$}", ["$$ x_1 = 2 $$"]),
        ("Teams{i: teams} meet.", ["Teams meet."]),
        ("~~~~\n{pagebreak}\n~~~~\n\nA set is {a, b}.", ["A set is {a, b}."]),
    ],
)
def test_markua_becomes_common_text(tmp_path: Path, text: str, expected: list[str]) -> None:
    book = read(write(tmp_path, {"Book.txt": "a.md\n", "a.md": f"# Norms\n\n{text}\n"}))
    assert chapters(book) == [(None, "Norms", expected)]


@pytest.mark.parametrize(
    "names",
    [
        "",
        "gone.md\n",
        "../secret.md\n",
        "1;The Hobbit;Tolkien\nnorms.txt\n",
        "Title: norms\nhow.markua\n",
    ],
)
def test_another_book_txt_is_no_list_of_a_manuscript(tmp_path: Path, names: str) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n\nNo.")
    assert not is_book_folder(write(tmp_path / "book", LEANPUB | {"Book.txt": names}))


def test_a_text_is_a_chapter_in_a_book_of_leanpub_alone(tmp_path: Path) -> None:
    book = read(write(tmp_path, {"SUMMARY.md": "* [A](a.md)\n* [B](b.txt)\n", "a.md": "# A\n\nOne.", "b.txt": "Two."}))
    assert [each.title for each in book.chapters] == ["A"]
