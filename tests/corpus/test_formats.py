"""Real PDFs, EPUBs and texts, made here with known pages."""

import contextlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from fpdf import FPDF

from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.read import read

SENTENCE = "Teams agree on what students should learn and how they will know that it was learned."
# In words, because numbers are all that differs between running heads.
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight")
ORDINALS = ("First", "Second", "Third")


def paragraph_of(page: int, number: int) -> str:
    where = f"{ORDINALS[number]} of page {WORDS[page]}"
    return f"{where} begins. {SENTENCE} {SENTENCE} And that was the {where}."


class Pages(FPDF):
    """A head and a page number on every page, as printed books have them."""

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, "A HANDBOOK OF TEAMS", align="C", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, str(self.page_no()), align="C")


def pdf(path: Path, chapters: Sequence[tuple[str, int]], *, outline: bool = True, title: str = "Teams") -> Path:
    """Each chapter on so many pages of its own, whose paragraphs say which page they are on."""
    book = Pages()
    book.set_title(title)
    book.set_author("Ada Lovelace and Grace Hopper")
    for name, pages in chapters:
        for page in range(pages):
            book.add_page()
            if page == 0:
                if outline:
                    book.start_section(name)
                book.set_font("Helvetica", style="B", size=18)
                book.cell(0, 14, name, new_x="LMARGIN", new_y="NEXT")
            book.set_font("Helvetica", size=11)
            for number in range(3):
                text = paragraph_of(book.page_no(), number)
                book.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
                book.ln(6)
    book.output(str(path))
    return path


CHAPTERS = (("Chapter 1: Beginnings", 2), ("Chapter 2: Norms", 3))


def texts(book: Book) -> list[str]:
    return [each.text for chapter in book.chapters for each in chapter.paragraphs]


@pytest.mark.parametrize("outline", [True, False])
def test_a_pdf_has_the_chapters_of_its_outline_or_of_its_headings(tmp_path: Path, *, outline: bool) -> None:
    book = read(pdf(tmp_path / "book.pdf", CHAPTERS, outline=outline))
    assert (book.title, book.authors) == ("Teams", ("Ada Lovelace", "Grace Hopper"))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [(1, "Beginnings"), (2, "Norms")]


def test_a_pdf_whose_headings_say_no_chapter_has_its_largest_headings_for_them(tmp_path: Path) -> None:
    book = read(pdf(tmp_path / "book.pdf", [("Beginnings", 1), ("Norms", 2)], outline=False))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [(None, "Beginnings"), (None, "Norms")]


def test_paragraphs_of_a_pdf_know_their_pages_and_are_whole(tmp_path: Path) -> None:
    book = read(pdf(tmp_path / "book.pdf", CHAPTERS))
    paragraphs = [each for chapter in book.chapters for each in chapter.paragraphs]
    assert len(paragraphs) == 15
    for at, paragraph in enumerate(paragraphs):
        page = at // 3 + 1
        assert paragraph.text == paragraph_of(page, at % 3)
        assert (paragraph.first_page, paragraph.last_page) == (page, page)


def test_heads_and_page_numbers_of_a_pdf_are_dropped(tmp_path: Path) -> None:
    found = " ".join(texts(read(pdf(tmp_path / "book.pdf", CHAPTERS))))
    assert "HANDBOOK" not in found
    assert "#" not in found


def test_contents_and_index_of_a_pdf_are_dropped(tmp_path: Path) -> None:
    book = read(pdf(tmp_path / "book.pdf", [("Contents", 1), *CHAPTERS, ("Index", 1)]))
    assert [chapter.title for chapter in book.chapters] == ["Beginnings", "Norms"]
    assert book.chapters[0].paragraphs[0].first_page == 2


def test_a_paragraph_that_goes_on_over_the_page_is_one(tmp_path: Path) -> None:
    book = FPDF()
    book.set_title("T")
    parts = [" ".join([SENTENCE] * 3), "It begins on the first page, goes on", "and ends on the second."]
    for page in (parts[:2], [parts[2], parts[0]]):
        book.add_page()
        book.set_font("Helvetica", size=11)
        for text in page:
            book.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
            book.ln(6)
    book.output(str(tmp_path / "book.pdf"))
    [chapter] = read(tmp_path / "book.pdf").chapters
    assert [(each.text, each.first_page, each.last_page) for each in chapter.paragraphs] == [
        (" ".join([SENTENCE] * 3), 1, 1),
        ("It begins on the first page, goes on and ends on the second.", 1, 2),
        (" ".join([SENTENCE] * 3), 2, 2),
    ]


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    book = FPDF()
    book.set_encryption(owner_password="owner", user_password="user")
    book.add_page()
    book.set_font("Helvetica", size=11)
    book.cell(0, 8, SENTENCE)
    book.output(str(tmp_path / "book.pdf"))
    with pytest.raises(UnreadableBook, match="encrypted"):
        read(tmp_path / "book.pdf")


def test_a_scanned_pdf_is_refused(tmp_path: Path) -> None:
    book = FPDF()
    for _ in range(3):
        book.add_page()
        book.rect(10, 10, 50, 50)
    book.output(str(tmp_path / "book.pdf"))
    with pytest.raises(UnreadableBook, match="scan"):
        read(tmp_path / "book.pdf")


@pytest.mark.parametrize("name", ["book.pdf", "book.epub"])
@pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing", b"PK\x03\x04nothing", b"\0" * 100, b"x"])
def test_a_broken_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableBook, match="broken"):
        read(tmp_path / name)


def test_a_pdf_that_was_cut_off_is_refused_or_read(tmp_path: Path) -> None:
    whole = pdf(tmp_path / "book.pdf", CHAPTERS).read_bytes()
    for length in range(200, len(whole), len(whole) // 12):
        (tmp_path / "cut.pdf").write_bytes(whole[:length])
        with contextlib.suppress(UnreadableBook):
            assert read(tmp_path / "cut.pdf").chapters


CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">
<metadata><dc:title>Teams &amp; Norms</dc:title><dc:creator>Ada Lovelace</dc:creator>
<dc:creator>Grace Hopper</dc:creator><dc:date>2021-04-01</dc:date></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two%20.xhtml" media-type="application/xhtml+xml"/>
<item id="index" href="text/index.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="index"/></spine></package>"""
NAVIGATION = """<html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>
<li><a href="text/one.xhtml">Chapter 1: Beginnings</a><ol><li><a href="text/one.xhtml#s">A section</a></li></ol></li>
<li><a href="text/two%20.xhtml">2. Norms</a></li><li><a href="text/index.xhtml">Index</a></li></ol></nav>
<nav epub:type="page-list"><ol><li><a href="text/two%20.xhtml#p9">9</a></li></ol></nav></body></html>"""
ONE = """<html xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title><style>p {}</style></head><body>
<span epub:type="pagebreak" id="p4" title="4"/><h1>Chapter 1: Beginnings</h1>
<p>It begins&nbsp;here, &amp; goes
on <span epub:type="pagebreak" title="5"/>over the page.</p><h2 id="s">A section</h2>
<p>These are the rules:</p><ol><li>First.</li><li>Second.</li></ol><script>alert("x")</script></body></html>"""
TWO = "<html><body><h1>Norms</h1><p>Norms are <em>agreed</em>.</p><ul><li>One.</li><li>Two.</li></ul></body></html>"


def epub(path: Path, **changed: str) -> Path:
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/nav.xhtml": NAVIGATION,
        "OEBPS/text/one.xhtml": ONE,
        "OEBPS/text/two .xhtml": TWO,
        "OEBPS/text/index.xhtml": "<html><body><p>norms, 9</p></body></html>",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, **changed}.items():
            archive.writestr(name, text)
    return path


def test_an_epub_has_the_title_page_of_its_package_and_the_chapters_of_its_navigation(tmp_path: Path) -> None:
    book = read(epub(tmp_path / "book.epub"))
    assert (book.title, book.authors, book.year) == ("Teams & Norms", ("Ada Lovelace", "Grace Hopper"), 2021)
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [(1, "Beginnings"), (2, "Norms")]


def test_an_epub_has_paragraphs_lists_and_the_pages_of_the_printed_book(tmp_path: Path) -> None:
    one, two = read(epub(tmp_path / "book.epub")).chapters
    assert [(each.text, each.first_page, each.last_page) for each in one.paragraphs] == [
        ("It begins here, & goes on over the page.", 4, 5),
        ("### A section", 5, 5),
        ("These are the rules:", 5, 5),
        ("1. First.\n2. Second.", 5, 5),
    ]
    assert [each.text for each in two.paragraphs] == ["Norms are agreed.", "- One.\n- Two."]


def test_an_encrypted_epub_is_refused_and_one_with_hidden_fonts_is_not(tmp_path: Path) -> None:
    hidden = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData>'
        '<enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    name = "META-INF/encryption.xml"
    assert read(epub(tmp_path / "fonts.epub", **{name: hidden.format("OEBPS/fonts/a.otf")})).chapters
    with pytest.raises(UnreadableBook, match="encrypted"):
        read(epub(tmp_path / "book.epub", **{name: hidden.format("OEBPS/text/one.xhtml")}))


@pytest.mark.parametrize(
    "changed",
    [
        {"META-INF/container.xml": "<container/>"},
        {"OEBPS/book.opf": "<package"},
        {"OEBPS/book.opf": PACKAGE.replace("text/one.xhtml", "text/absent.xhtml")},
        {"META-INF/container.xml": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]><x>&j;</x>"},
    ],
)  # fmt: skip
def test_an_epub_that_lacks_a_part_or_is_a_trap_is_refused(tmp_path: Path, changed: dict[str, str]) -> None:
    with pytest.raises(UnreadableBook, match="broken EPUB"):
        read(epub(tmp_path / "book.epub", **changed))


def test_an_epub_without_text_is_refused(tmp_path: Path) -> None:
    empty = "<html><body><img src='x.png'/></body></html>"
    with pytest.raises(UnreadableBook, match="no text"):
        read(epub(tmp_path / "book.epub", **{"OEBPS/text/one.xhtml": empty, "OEBPS/text/two .xhtml": empty}))


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


def test_heads_and_numbers_of_the_pages_of_a_text_are_dropped(tmp_path: Path) -> None:
    words = WORDS[1:]
    pages = [f"A Handbook  {at}\n\nText of page {word}.\n\n{at}" for at, word in enumerate(words, 1)]
    (tmp_path / "book.txt").write_text("Title\n\n" + "\f".join(pages))
    book = read(tmp_path / "book.txt")
    assert texts(book) == [f"Text of page {word}." for word in words]
    (tmp_path / "plain.txt").write_text("Title\n\nJust text.")
    [chapter] = read(tmp_path / "plain.txt").chapters
    assert [(each.text, each.first_page) for each in chapter.paragraphs] == [("Just text.", None)]
