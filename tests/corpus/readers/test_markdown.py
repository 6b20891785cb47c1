"""Books read from Markdown."""

from pathlib import Path

import pytest

from plccoach_api import resources
from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.read import read

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


def read_markdown(path: Path, text: str) -> Book:
    path.write_text(text, "utf-8")
    return read(path)


def test_the_title_page_is_read(path: Path) -> None:
    book = read_markdown(path, BOOK)
    assert (book.title, book.year) == ("The Title", 2024)
    assert book.authors == ("Ada Lovelace", "Grace Hopper", "Alan Turing")


def test_chapters_have_their_numbers_and_paragraphs_their_pages(path: Path) -> None:
    first, last = read_markdown(path, BOOK).chapters
    assert (first.number, first.title) == (1, "Beginnings")
    assert [(each.text, each.first_page, each.last_page) for each in first.paragraphs] == [
        ("First paragraph.", 1, 1),
        ("### A section", 2, 2),
        ("Second paragraph with a list:", 2, 2),
        ("- One.\n- Two.", 2, 2),
    ]
    assert (last.number, last.title) == (None, "Afterword")


def test_a_book_without_pages_or_chapters_is_one_untitled_chapter(path: Path) -> None:
    [chapter] = read_markdown(path, "# T\n\nText.").chapters
    assert (chapter.number, chapter.title) == (None, "")
    assert [(each.text, each.first_page, each.last_page) for each in chapter.paragraphs] == [("Text.", None, None)]


def test_headings_need_no_empty_lines_around_them(path: Path) -> None:
    book = read_markdown(path, "# T\nby A\n## Chapter 2. Two\nOne line\nand another.\n### Below\nMore.")
    [chapter] = book.chapters
    assert (book.title, book.authors, chapter.number, chapter.title) == ("T", ("A",), 2, "Two")
    assert [each.text for each in chapter.paragraphs] == ["One line and another.", "### Below", "More."]


def test_contents_and_index_are_left_out(path: Path) -> None:
    book = read_markdown(path, "# T\n\n## Contents\n\nOne 1\n\n## Chapter 1: One\n\nText.\n\n## Index\n\nnorms, 4")
    assert [chapter.title for chapter in book.chapters] == ["One"]


def test_the_sample_handbook_has_chapters_and_pages_throughout() -> None:
    [path] = resources.SAMPLE_CORPUS.glob("*.md")
    book = read(path)
    assert len(book.authors) == 3
    assert [chapter.number for chapter in book.chapters] == [*range(1, 11)]
    pages = [each.first_page or 0 for chapter in book.chapters for each in chapter.paragraphs]
    assert pages == sorted(pages)
    assert sorted(set(pages)) == [*range(1, 60)]
