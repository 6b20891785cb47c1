"""Books read from plain text."""

from pathlib import Path

import pytest

from plccoach_api.corpus.book import UnreadableBook
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


def test_a_line_of_thousands_of_digits_is_no_page_number(tmp_path: Path) -> None:
    pages = [f"Text of a page.\n\n{at}" for at in range(1, 6)]
    (tmp_path / "book.txt").write_text("\f".join([*pages, f"The last one.\n\n{'7' * 5000}"]))
    [chapter] = read(tmp_path / "book.txt").chapters
    assert chapter.paragraphs[-1].text == "7" * 5000


def test_a_text_without_form_feeds_has_no_pages(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("Title\n\nJust text.")
    [chapter] = read(tmp_path / "plain.txt").chapters
    assert [(each.text, each.first_page) for each in chapter.paragraphs] == [("Just text.", None)]


GUTENBERG = """The Project Gutenberg eBook of Moby Dick

This ebook is for the use of anyone anywhere.

Title: Moby Dick;
       Or, The Whale

Author: Herman Melville

Release date: July 1, 2001 [eBook #2701]

Original publication: New York: Harper, 1851

Language: English

*** START OF THE PROJECT GUTENBERG EBOOK MOBY DICK;
OR, THE WHALE ***

Produced by Some Volunteers
and others

MOBY DICK; OR, THE WHALE

By Herman Melville

CONTENTS

CHAPTER 1. Loomings.
CHAPTER 2. The Carpet-Bag.

CHAPTER 1. Loomings.

Call me _Ishmael_. Some years ago I went to the sea in a small ves-
sel, and I saw a vessel.

[Illustration: A whale]

CHAPTER 2.

The Carpet-Bag

I stuffed a shirt into my bag.

*** END OF THE PROJECT GUTENBERG EBOOK MOBY DICK ***

Updated editions will replace the previous one.
"""


def test_the_head_and_the_licence_of_project_gutenberg_are_no_part_of_a_book(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text(GUTENBERG)
    book = read(tmp_path / "book.txt")
    assert (book.title, book.authors, book.year) == ("Moby Dick; Or, The Whale", ("Herman Melville",), 1851)
    assert [(each.number, each.title, [p.text for p in each.paragraphs]) for each in book.chapters] == [
        (1, "Loomings", ["Call me Ishmael. Some years ago I went to the sea in a small vessel, and I saw a vessel."]),
        (2, "The Carpet-Bag", ["I stuffed a shirt into my bag."]),
    ]
    reasons = {each.reason for each in book.left_out}
    assert reasons == {"Project Gutenberg's head and licence", "list of contents", "descriptions of pictures"}
    assert book.share == 1


def test_the_notes_of_project_gutenberg_above_a_book_are_no_part_of_it(tmp_path: Path) -> None:
    start, end = "***START OF THE PROJECT GUTENBERG EBOOK X***", "***END OF THE PROJECT GUTENBERG EBOOK X***"
    notes = (
        "E-text prepared by Pat Example\n\n\nNote: Project Gutenberg also has an HTML version of this\n      file.\n"
    )
    (tmp_path / "book.txt").write_text(f"Title: X\n\n{start}\n\n{notes}\n\nIts text.\n\n{end}\n")
    book = read(tmp_path / "book.txt")
    assert [each.text for chapter in book.chapters for each in chapter.paragraphs] == ["Its text."]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("***START OF THE PROJECT GUTENBERG EBOOK X***", "***END OF THE PROJECT GUTENBERG EBOOK X***"),
        ("*** START OF THIS PROJECT GUTENBERG EBOOK X ***", "End of Project Gutenberg's X, by Y"),
        ("*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*", "End of the Project Gutenberg Etext of X"),
        ("** START OF THE PROJECT GUTENBERG EBOOK, X **", "*** END OF THIS PROJECT GUTENBERG EBOOK X ***"),
    ],
)
def test_the_marks_of_project_gutenberg_have_variants(tmp_path: Path, start: str, end: str) -> None:
    (tmp_path / "book.txt").write_text(f"Title: X\n\nAuthor: Y\n\n{start}\n\nIts text.\n\n{end}\n\nLicence.\n")
    book = read(tmp_path / "book.txt")
    assert [each.text for chapter in book.chapters for each in chapter.paragraphs] == ["Its text."]
    assert (book.title, book.authors) == ("X", ("Y",))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "iso-8859-1"]
)
def test_a_text_may_have_another_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Caf\u00e9 Gespr\u00e4che\n\nBei uns ist \u00dcberlegung f\u00fcr alle da.\n"
    (tmp_path / "book.txt").write_bytes(text.encode(encoding))
    book = read(tmp_path / "book.txt")
    assert (book.title, book.chapters[0].paragraphs[0].text) == (
        "Caf\u00e9 Gespr\u00e4che",
        "Bei uns ist \u00dcberlegung f\u00fcr alle da.",
    )
    assert [each.reason for each in book.left_out] == (
        ["nothing, but the file is not UTF-8 and was read as Windows-1252"]
        if encoding in {"cp1252", "iso-8859-1"}
        else []
    )


def test_words_of_one_letter_are_plausible_in_windows_1252(tmp_path: Path) -> None:
    text = "\u00c9coles\n\nElle va \u00e0 l\u2019\u00e9cole \u00e0 pied, \u00e0 midi et \u00e0 six heures."
    (tmp_path / "book.txt").write_bytes(text.encode("cp1252"))
    assert read(tmp_path / "book.txt").chapters[0].paragraphs[0].text == text.partition("\n\n")[2]


def test_a_declared_encoding_is_obeyed_and_damaged_bytes_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(
        "T\n\nCharacter set encoding: koi8-r\n\n\u041e\u043d \u0437\u0434\u0435\u0441\u044c.".encode("koi8-r")
    )
    assert read(tmp_path / "a.txt").chapters[0].paragraphs[-1].text == "\u041e\u043d \u0437\u0434\u0435\u0441\u044c."
    (tmp_path / "b.txt").write_bytes("T\n\n\u00e9\u00e8\u00ea\u00eb\u00e0\u00e2 a".encode() + b"\xff b")
    [left_out] = read(tmp_path / "b.txt").left_out
    assert (left_out.reason, left_out.characters, left_out.is_lost) == ("bytes that are no text", 1, True)
    (tmp_path / "c.txt").write_bytes("T\n\n\u041e\u043d \u0437\u0434\u0435\u0441\u044c.".encode("koi8-r"))
    with pytest.raises(UnreadableBook, match="save it as UTF-8"):
        read(tmp_path / "c.txt")


@pytest.mark.parametrize(
    "name", ["punycode", "unicode_escape", "raw_unicode_escape", "idna", "utf-7", "utf-16", "cp037"]
)
def test_a_codec_that_is_no_encoding_of_texts_is_not_obeyed(tmp_path: Path, name: str) -> None:
    text = f"T\n\n# coding: {name}\n\nUn caf\u00e9 \\u0041 en ville."
    (tmp_path / "book.txt").write_bytes(text.encode("cp1252"))
    assert read(tmp_path / "book.txt").chapters[0].paragraphs[-1].text == "Un caf\u00e9 \\u0041 en ville."


def test_bytes_that_are_not_of_the_declared_encoding_are_lost(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_bytes(
        "T\n\ncharset: euc-kr\n\n\ud300\uc774 \ubaa8\uc778\ub2e4.".encode("euc-kr") + b"\xff\xff"
    )
    assert [(each.reason, each.characters) for each in read(tmp_path / "book.txt").left_out if each.is_lost] == [
        ("bytes that are no text", 2)
    ]


def test_a_numeral_with_a_title_in_capitals_heads_a_chapter(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "T\n\nADVENTURE I. A SCANDAL\n\nI.\n\nOne.\n\nII.\n\nTwo.\n\nADVENTURE II. A LEAGUE\n\nThree.\n\n"
        "III. THE ADVENTURE OF THE STONE\n\nFour.\n"
    )
    assert [(each.number, each.title, len(each.paragraphs)) for each in read(tmp_path / "a.txt").chapters] == [
        (1, "A SCANDAL", 4),
        (2, "A LEAGUE", 1),
        (3, "THE ADVENTURE OF THE STONE", 1),
    ]


def test_numerals_count_anew_in_each_part_and_a_list_of_contents_may_describe_their_chapters(tmp_path: Path) -> None:
    listed = (
        "I. HABIT\n\nGood and bad habits,--Five maxims.\n\nII. INTEREST\n\nNative interests,--Rules.\n\nIII. MEMORY\n\n"
    )
    (tmp_path / "a.txt").write_text(
        f"T\n\nCONTENTS.\n\nTALKS TO TEACHERS.\n\n{listed}TALKS TO STUDENTS.\n\nI. REST\n\nII. WORK?\n\nTALKS\n\n"
        "I. HABIT\n\nOne.\n\nII. INTEREST\n\nTwo.\n\nIII. MEMORY\n\nThree.\n\nI. REST\n\nFour.\n\nII. WORK\n\nFive.\n"
    )
    book = read(tmp_path / "a.txt")
    assert [(each.number, each.title, [p.text for p in each.paragraphs]) for each in book.chapters] == [
        (None, "", ["TALKS"]),
        (1, "HABIT", ["One."]),
        (2, "INTEREST", ["Two."]),
        (3, "MEMORY", ["Three."]),
        (1, "REST", ["Four."]),
        (2, "WORK", ["Five."]),
    ]
    assert [each.reason for each in book.left_out] == ["list of contents"]


def test_the_list_of_contents_names_the_chapters_of_a_book_without_the_word_chapter(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Walden\n\nContents\n\nEconomy\n\nThe Bean-Field\n\nConclusion\n\nWALDEN\n\nEconomy\n\nI lived alone.\n\n"
        "The Bean-Field\n\nMy beans grew.\n\nReading\n\nI read.\n\nConclusion\n\nIt ends.\n"
    )
    book = read(tmp_path / "a.txt")
    assert [(each.title, [p.text for p in each.paragraphs]) for each in book.chapters] == [
        ("", ["WALDEN"]),
        ("Economy", ["I lived alone."]),
        ("The Bean-Field", ["My beans grew.", "Reading", "I read."]),
        ("Conclusion", ["It ends."]),
    ]


def test_the_entries_of_an_index_are_no_headings_that_a_list_of_contents_names(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Book\n\nContents\n\nChapter 1. Norms ..... 3\nChapter 2. Goals ..... 9\n\nChapter 1. Norms\n\nText of one.\n\n"
        "Chapter 2. Goals\n\nText of two.\n\nIndex\n\nnorms, 3\ngoals, 9\n"
    )
    assert [(each.number, each.title) for each in read(tmp_path / "a.txt").chapters] == [(1, "Norms"), (2, "Goals")]


def test_a_first_paragraph_is_no_title(tmp_path: Path) -> None:
    text = "It is a well-known principle that teams should always use the simplest means that help. " * 4
    (tmp_path / "a book.txt").write_text(f"{text}\n\nMore.\n")
    book = read(tmp_path / "a book.txt")
    assert book.title == "a book"
    assert [each.text for each in book.chapters[0].paragraphs] == [text.strip(), "More."]


def test_a_first_sentence_is_no_title(tmp_path: Path) -> None:
    (tmp_path / "team_notes.txt").write_text("A team meets every week.\n\nIt looks at the work.\n", "utf-8")
    book = read(tmp_path / "team_notes.txt")
    assert book.title == "team notes"
    assert [each.text for each in book.chapters[0].paragraphs] == ["A team meets every week.", "It looks at the work."]


def test_a_number_alone_heads_a_chapter_if_all_chapters_have_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("T\n\nI\n\nTHE NORMS.\n\nText.\n\nII\nGOALS\n\nText.\n\nIII.\n\nText.\n")
    assert [(each.number, each.title) for each in read(tmp_path / "a.txt").chapters] == [
        (1, "THE NORMS"),
        (2, "GOALS"),
        (3, "Chapter III"),
    ]
    (tmp_path / "b.txt").write_text("T\n\nI\n\nText.\n\nIV\n\nText.\n\nV\n\nText.\n")
    assert len(read(tmp_path / "b.txt").chapters) == 1


@pytest.mark.parametrize("page", ["", " .... {}"])
def test_a_title_that_ends_with_a_number_is_no_entry_of_the_list_above_it(tmp_path: Path, page: str) -> None:
    titles = ("Chapter 1. World War 2", "Chapter 2. Before 1914", "Chapter 3. Apollo 11")
    listed = "\n".join(title + page.format(7 * at) for at, title in enumerate(titles, 1))
    texts = "\n\n".join(f"{title}\n\nThe team of chapter {at} reads its own words." for at, title in enumerate(titles))
    (tmp_path / "book.txt").write_text(f"History\n\nContents\n\n{listed}\n\n{texts}\n")
    assert [each.title for each in read(tmp_path / "book.txt").chapters] == ["World War 2", "Before 1914", "Apollo 11"]
