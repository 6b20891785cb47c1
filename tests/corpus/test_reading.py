"""From a Markdown file to chunks: title page, chapters, pages, lists, and what is refused."""

from pathlib import Path

import pytest

from plccoach_api import resources
from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.read import parse, read
from plccoach_api.corpus.split import split

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


def test_the_title_page_is_read() -> None:
    book = parse(BOOK)
    assert (book.title, book.year) == ("The Title", 2024)
    assert book.authors == ("Ada Lovelace", "Grace Hopper", "Alan Turing")


def test_paragraphs_know_their_chapter_and_page() -> None:
    first, heading, second, items, last = parse(BOOK).paragraphs
    assert (first.text, first.chapter, first.chapter_title, first.page) == ("First paragraph.", 1, "Beginnings", 1)
    assert (heading.text, heading.page) == ("### A section", 2)
    assert (second.chapter, items.text) == (1, "- One.\n- Two.")
    assert (last.chapter, last.chapter_title, last.page) == (None, "Afterword", 2)


def test_chunks_never_cross_a_chapter_and_keep_lists_with_their_introduction() -> None:
    first, last = split(parse(BOOK))
    assert "Second paragraph with a list:\n\n- One.\n- Two." in first.content
    assert (first.chapter, first.first_page, first.last_page) == (1, 1, 2)
    assert last.content == "Last words."


def test_a_long_chapter_becomes_several_chunks_without_losing_a_word() -> None:
    paragraphs = [f"Paragraph {number} " + "word " * 120 + "ends." for number in range(20)]
    chunks = list(split(parse("# T\n\n## Chapter 1: Long\n\n" + "\n\n".join(paragraphs))))
    assert len(chunks) > 3
    assert "\n\n".join(chunk.content for chunk in chunks) == "\n\n".join(paragraphs)
    assert all(len(chunk.content.split()) <= 500 for chunk in chunks)


def test_a_heading_is_never_the_end_of_a_chunk() -> None:
    text = "# T\n\n" + "\n\n".join(f"### Section {number}\n\n" + "word " * 200 for number in range(10))
    assert not any(chunk.content.splitlines()[-1].startswith("#") for chunk in split(parse(text)))


def test_a_book_without_pages_has_none() -> None:
    [chunk] = split(parse("# T\n\nText."))
    assert (chunk.first_page, chunk.last_page, chunk.chapter) == (None, None, None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no title"),
        (b"Just text.", "no title"),
        (b"# Title\n", "no text"),
        (b"# T\n\n\xff\xfe", "not UTF-8"),
        (b"# T\n\na\x00b", "NUL"),
    ],
)
def test_a_file_that_is_no_book_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "book.md"
    path.write_bytes(content)
    with pytest.raises(UnreadableBook, match=reason):
        read(path)


def test_the_sample_handbook_has_chapters_and_pages_throughout() -> None:
    [path] = resources.SAMPLE_CORPUS.glob("*.md")
    book = read(path)
    assert len(book.authors) == 3
    assert {paragraph.chapter for paragraph in book.paragraphs} == set(range(1, 11))
    pages = [paragraph.page for paragraph in book.paragraphs]
    assert pages == sorted(pages)  # type: ignore[type-var]
    assert len(set(pages)) == 59
    assert all(len(chunk.content.split()) <= 500 for chunk in split(book))
