"""Books read from plain text."""

from pathlib import Path

from plccoach_api.corpus.readers.read import read

TEXT = """Teams
by Ada Lovelace and Grace Hopper

Chapter 1: Beginnings

It begins here, in lines that
are broken to a width.

The rules are:

- First of all
  the first.
- The second.
\f
CHAPTER II
Norms

Norms are agreed.
"""


def test_a_plain_text_has_a_title_page_chapters_and_pages(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text(TEXT)
    book = read(tmp_path / "book.txt")
    assert (book.title, book.authors) == ("Teams", ("Ada Lovelace", "Grace Hopper"))
    one, two = book.chapters
    assert (one.number, one.title, two.number, two.title) == (1, "Beginnings", 2, "Norms")
    assert [(each.text, each.first_page) for each in one.paragraphs] == [
        ("It begins here, in lines that are broken to a width.", 1),
        ("The rules are:", 1),
        ("- First of all the first.\n- The second.", 1),
    ]
    assert [(each.text, each.first_page) for each in two.paragraphs] == [("Norms are agreed.", 2)]


def test_running_heads_and_page_numbers_of_a_text_are_dropped(tmp_path: Path) -> None:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    pages = [f"A Handbook  {at}\n\nText of page {word}.\n\n{at}" for at, word in enumerate(words, 1)]
    (tmp_path / "book.txt").write_text("Title\n\n" + "\f".join(pages))
    book = read(tmp_path / "book.txt")
    [chapter] = book.chapters
    assert [each.text for each in chapter.paragraphs] == [f"Text of page {word}." for word in words]


def test_a_text_without_form_feeds_has_no_pages(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("Title\n\nJust text.")
    [chapter] = read(tmp_path / "plain.txt").chapters
    assert [(each.text, each.first_page) for each in chapter.paragraphs] == [("Just text.", None)]
