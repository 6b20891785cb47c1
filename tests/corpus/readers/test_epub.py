"""Books read from EPUBs, which the tests make."""

import zipfile
from pathlib import Path

import pytest

from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.readers.read import read

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
    """Writes an EPUB, with some of its files changed."""
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


def test_an_encrypted_epub_is_refused_unless_only_its_fonts_are_encrypted(tmp_path: Path) -> None:
    encryption = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData>'
        '<enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    name = "META-INF/encryption.xml"
    assert read(epub(tmp_path / "fonts.epub", **{name: encryption.format("OEBPS/fonts/a.otf")})).chapters
    with pytest.raises(UnreadableBook, match="encrypted"):
        read(epub(tmp_path / "book.epub", **{name: encryption.format("OEBPS/text/one.xhtml")}))


@pytest.mark.parametrize(
    "changed", [{"OEBPS/book.opf": "<package"}, {"OEBPS/book.opf": PACKAGE.replace("itemref", "x")}]
)
def test_an_epub_whose_package_names_no_texts_is_refused(tmp_path: Path, changed: dict[str, str]) -> None:
    with pytest.raises(UnreadableBook, match="broken EPUB"):
        read(epub(tmp_path / "book.epub", **changed))


@pytest.mark.parametrize(
    "container",
    [
        "<container/>",
        "no markup",
        CONTAINER.replace("OEBPS/book.opf", "/oebps/BOOK.opf"),
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]><x>&j;</x>",
    ],
)  # fmt: skip
def test_an_epub_whose_container_is_broken_is_read_all_the_same(tmp_path: Path, container: str) -> None:
    book = read(epub(tmp_path / "book.epub", **{"META-INF/container.xml": container}))
    assert [chapter.title for chapter in book.chapters] == ["Beginnings", "Norms"]


def test_a_text_that_is_not_in_the_file_harms_no_other_and_is_lost(tmp_path: Path) -> None:
    book = read(
        epub(tmp_path / "book.epub", **{"OEBPS/book.opf": PACKAGE.replace("text/one.xhtml", "text/absent.xhtml")})
    )
    assert [chapter.title for chapter in book.chapters] == ["Norms"]
    assert [each.reason for each in book.left_out if each.is_lost] == ["OEBPS/text/absent.xhtml is not in the file"]
    assert 0.4 < book.share < 0.8


def test_an_epub_without_text_is_refused(tmp_path: Path) -> None:
    empty = "<html><body><img src='x.png'/></body></html>"
    with pytest.raises(UnreadableBook, match="no text"):
        read(epub(tmp_path / "book.epub", **{"OEBPS/text/one.xhtml": empty, "OEBPS/text/two .xhtml": empty}))
