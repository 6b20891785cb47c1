"""From a Markdown file to a book: title page, chapters, pages, a sidecar, and what is refused."""

from pathlib import Path

import pytest

from plccoach_api import resources
from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.read import read

BOOK = """# The Title

by Ada Lovelace, Grace Hopper and Alan Turing

Year: 2024

<!-- page 1 -->

## Chapter 1: Beginnings

First paragraph.

<!-- page 2 -->

### A section

Second paragraph with a list:

- One.
- Two.

## Afterword

Last words.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.md"


def read_text(path: Path, text: str) -> Book:
    path.write_text(text, "utf-8")
    return read(path)


def test_the_title_page_is_read(path: Path) -> None:
    book = read_text(path, BOOK)
    assert (book.title, book.year) == ("The Title", 2024)
    assert book.authors == ("Ada Lovelace", "Grace Hopper", "Alan Turing")


def test_chapters_have_their_numbers_and_paragraphs_their_pages(path: Path) -> None:
    first, last = read_text(path, BOOK).chapters
    assert (first.number, first.title) == (1, "Beginnings")
    assert [(each.text, each.first_page, each.last_page) for each in first.paragraphs] == [
        ("First paragraph.", 1, 1),
        ("### A section", 2, 2),
        ("Second paragraph with a list:", 2, 2),
        ("- One.\n- Two.", 2, 2),
    ]
    assert (last.number, last.title) == (None, "Afterword")


def test_a_book_without_pages_or_chapters_has_none(path: Path) -> None:
    [chapter] = read_text(path, "# T\n\nText.").chapters
    assert (chapter.number, chapter.title) == (None, "")
    assert [(each.text, each.first_page, each.last_page) for each in chapter.paragraphs] == [("Text.", None, None)]


def test_headings_need_no_empty_lines_around_them(path: Path) -> None:
    book = read_text(path, "# T\nby A\n## Chapter 2. Two\nOne line\nand another.\n### Below\nMore.")
    [chapter] = book.chapters
    assert (book.title, book.authors, chapter.number, chapter.title) == ("T", ("A",), 2, "Two")
    assert [each.text for each in chapter.paragraphs] == ["One line\nand another.", "### Below", "More."]


def test_contents_and_index_are_left_out(path: Path) -> None:
    book = read_text(path, "# T\n\n## Contents\n\nOne 1\n\n## Chapter 1: One\n\nText.\n\n## Index\n\nnorms, 4")
    assert [chapter.title for chapter in book.chapters] == ["One"]


def test_a_sidecar_overrides_what_was_read(path: Path, tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text(
        'title = "Another"\nauthors = ["Zoe"]\nyear = 1999\nproduct_url = "https://example.org/x"'
    )
    book = read_text(path, BOOK)
    assert (book.title, book.authors, book.year) == ("Another", ("Zoe",), 1999)
    assert book.product_url == "https://example.org/x"
    assert len(book.chapters) == 2


def test_a_sidecar_of_the_books_own_name_counts_more(tmp_path: Path) -> None:
    (tmp_path / "book.toml").write_text('title = "The folder"')
    (tmp_path / "mine.toml").write_text('title = "Mine"')
    assert read_text(tmp_path / "mine.md", BOOK).title == "Mine"
    assert read_text(tmp_path / "other.md", BOOK).title == "The folder"


@pytest.mark.parametrize(
    "sidecar", ["title = ", "titel = 'x'", "year = '2024'", "authors = 'A'", "product_url = 'javascript:x'"]
)
def test_a_sidecar_that_is_not_understood_says_so(path: Path, tmp_path: Path, sidecar: str) -> None:
    (tmp_path / "book.toml").write_text(sidecar)
    with pytest.raises(UnreadableBook, match=r"book\.toml beside it is not understood"):
        read_text(path, BOOK)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Just text.", "no title"),
        (b"# Title\n", "no text"),
        (b"# Title\n\n### Only a heading\n", "no text"),
        (b"# T\n\n\xff\xfe", "not UTF-8"),
        (b"# T\n\na\x00b", "NUL"),
        (b"# T\n\nYear: 0000\n\nText.", "its year is 0"),
    ],
)
def test_a_file_that_is_no_book_says_why(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableBook, match=reason):
        read(path)


def test_a_file_of_another_kind_or_none_at_all_says_why(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")
    with pytest.raises(UnreadableBook, match=r"none of .*\.md"):
        read(tmp_path / "picture.png")
    with pytest.raises(UnreadableBook, match="No such file"):
        read(tmp_path / "absent.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(UnreadableBook, match="it is no file"):
        read(tmp_path / "folder.md")


def test_the_sample_handbook_has_chapters_and_pages_throughout() -> None:
    [path] = resources.SAMPLE_CORPUS.glob("*.md")
    book = read(path)
    assert len(book.authors) == 3
    assert [chapter.number for chapter in book.chapters] == [*range(1, 11)]
    pages = [each.first_page or 0 for chapter in book.chapters for each in chapter.paragraphs]
    assert pages == sorted(pages)
    assert sorted(set(pages)) == [*range(1, 60)]
