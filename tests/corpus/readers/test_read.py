"""The checks that every format shares: the sidecar, and the files that are refused."""

from pathlib import Path

import pytest

from plccoach_api.corpus.book import LeftOut, UnreadableBook
from plccoach_api.corpus.readers.read import read

BOOK = "# The Title\n\nby Ada Lovelace\n\nYear: 2024\n\n## Chapter 1: One\n\nFirst.\n\n## Chapter 2: Two\n\nSecond."


def write(path: Path) -> Path:
    path.write_text(BOOK)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "book.md")


def test_a_sidecar_overrides_the_title_page(path: Path, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(
        'title = "Another"\nauthors = ["Zoe"]\nyear = 1999\nproduct_url = "https://example.org/x"'
    )
    book = read(path)
    assert (book.title, book.authors, book.year) == ("Another", ("Zoe",), 1999)
    assert book.product_url == "https://example.org/x"
    assert len(book.chapters) == 2


def test_a_sidecar_with_the_name_of_the_book_has_priority_over_book_toml(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text('title = "The folder"')
    (tmp_path / "mine.toml").write_text('title = "Mine"')
    assert read(write(tmp_path / "mine.md")).title == "Mine"
    assert read(write(tmp_path / "other.md")).title == "The folder"


@pytest.mark.parametrize(
    "sidecar",
    [
        *("title = ", "titel = 'x'", "year = '2024'", "authors = 'A'", "product_url = 'javascript:x'"),
        *("year = " + "9" * 5_000, "authors = " + "[" * 5_000),
    ],
    ids=lambda sidecar: sidecar[:20],
)
def test_an_error_names_the_sidecar_that_is_not_valid(path: Path, tmp_path: Path, sidecar: str) -> None:
    (tmp_path / "book.toml").write_text(sidecar)
    with pytest.raises(UnreadableBook, match=r"book\.toml beside it is not valid"):
        read(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"# Title\n", "no text"),
        (b"# Title\n\n### Only a heading\n", "no text"),
        (b"# T\n\n\xff\xfe", "not UTF-8"),
        (b"# T\n\na\x00b", "NUL"),
        (b"# T\n\nYear: 0000\n\nText.", "its year is 0"),
    ],
)
def test_a_file_that_is_not_a_book_is_refused_with_a_reason(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableBook, match=reason):
        read(path)


@pytest.mark.parametrize(
    "title", ["", "# Table of Contents\n\n", "# Untitled\n\n", "# MAIN TITLE\n\n", "# Microsoft Word - draft.doc\n\n"]
)
def test_a_book_without_a_real_title_has_the_name_of_its_file(tmp_path: Path, title: str) -> None:
    path = tmp_path / "team_handbook.md"
    path.write_text(f"{title}Just text.")
    book = read(path)
    assert book.title == "team handbook"
    assert LeftOut("nothing, but the title is the name of the file", 0, is_lost=False) in book.left_out
    assert [paragraph.text for chapter in book.chapters for paragraph in chapter.paragraphs][-1] == "Just text."
    (tmp_path / "book.toml").write_text('title = "Mine"')
    assert read(path).title == "Mine"


@pytest.mark.parametrize("name", ["Unknown", "python-docx", "Author", "Un-named"])
def test_an_author_that_a_program_made_up_is_no_author(path: Path, name: str) -> None:
    path.write_text(f"---\ntitle: T\nauthors: [{name}, Ada Lovelace]\n---\n\nText.")
    assert read(path).authors == ("Ada Lovelace",)


def test_a_label_before_the_authors_is_no_name(path: Path) -> None:
    path.write_text('---\ntitle: T\nauthors: ["Module Tutors: Ada Lovelace", "Grace Hopper"]\n---\n\nText.')
    assert read(path).authors == ("Ada Lovelace", "Grace Hopper")


def test_a_path_that_is_not_a_file_of_a_known_format_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")
    with pytest.raises(UnreadableBook, match=r"not one of .*\.md"):
        read(tmp_path / "picture.png")
    with pytest.raises(UnreadableBook, match="No such file"):
        read(tmp_path / "absent.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(UnreadableBook, match="it is not a file"):
        read(tmp_path / "folder.md")


@pytest.mark.parametrize("name", ["book.pdf", "book.epub"])
@pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing", b"PK\x03\x04nothing", b"\0" * 100, b"x"])
def test_a_broken_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableBook, match="broken"):
        read(tmp_path / name)


def test_a_nul_by_mistake_is_lost_and_the_rest_of_the_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("Teams\n\n" + "Teams agree on norms. " * 20 + "\0The end.")
    book = read(path)
    assert book.chapters[0].paragraphs[-1].text.endswith("norms. The end.")
    assert [(each.reason, each.characters) for each in book.left_out if each.is_lost] == [("NUL characters", 1)]
