"""Files that would keep a reader busy, or fill its memory, are read in a moment or refused in a clear line."""

import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.readers.epub.archive import Archive
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.epub_files import paragraphs, read_body, write_epub

# Generous, because a machine may be busy. A quadratic reader needs minutes.
MOST_SECONDS = 20


@pytest.fixture(autouse=True)
def _in_a_moment() -> object:
    started = time.process_time()
    yield
    assert time.process_time() - started < MOST_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "<p>x " + "<a " * 60_000,
        "<p>x " + "<a>y" * 60_000,
        "<p>x " + "<b>y" * 19_000,
        "<p>x " + "<!-- " * 60_000,
        "<p>x " + "<![CDATA[" * 60_000,
        "<p>x " + "<!DOCTYPE " * 60_000,
        "<p>x " + "&" * 200_000,
        "<p>x " + "&amp" * 200_000,
        "<p " + " ".join(f"a{number}=1" for number in range(60_000)) + ">x",
        "<ul><li>x" * 9_000,
        "<table><tr><td>x" * 6_000,
        "<p>x " + "<sup><a href='#a'>1" * 9_000,
        "<p>x " + "<span epub:type='pagebreak'>" * 19_000,
        "<p>x " + "<aside epub:type='footnote'>y" * 19_000,
        "<p>x " + "<svg><text>y" * 9_000,
        "<p>x " + "<nav>" * 19_000 + "y",
        "<p>x" + "<ol>" * 19_000 + "</ol>" * 19_000,
        "<p>x</p>" + "<h1>Contents</h1>" * 20_000,
        "<p>x</p>" + "<p>Contents</p><p>a</p>" * 20_000,
        "<p>x</p>" + "".join(f"<h1 id='i{number}'>Chapter {number}</h1>" for number in range(20_000)),
    ],
    ids=lambda body: body[:40],
)
def test_pathological_markup_is_read_in_linear_time(tmp_path: Path, body: str) -> None:
    assert "x" in " ".join(paragraphs(read_body(tmp_path, body)))


def test_ten_thousand_nested_elements_are_read(tmp_path: Path) -> None:
    assert paragraphs(read_body(tmp_path, "<div>" * 10_000 + "deep" + "</div>" * 10_000)) == ["deep"]


def test_a_text_that_is_nested_without_end_is_lost_and_harms_no_other(tmp_path: Path) -> None:
    book = read(write_epub(tmp_path / "book.epub", {"deep.xhtml": "<div>" * 30_000, "one.xhtml": "<p>One.</p>"}))
    assert paragraphs(book) == ["One."]
    assert "its elements are nested too deep" in book.left_out[0].reason


@pytest.mark.slow
def test_deep_and_long_navigation_is_read(tmp_path: Path) -> None:
    texts = {"one.xhtml": "<p id='a'>One.</p>"}
    deep = "<nav>" + "<ol><li><a href='one.xhtml#a'>Title</a>" * 5_000 + "</nav>"
    assert paragraphs(read(write_epub(tmp_path / "deep.epub", texts, nav=deep))) == ["One."]
    long = "<nav><ol>" + "<li><a href='one.xhtml#a'>Title</a></li>" * 50_000 + "</ol></nav>"
    assert paragraphs(read(write_epub(tmp_path / "long.epub", texts, nav=long))) == ["One."]


def test_a_reading_order_that_names_one_text_many_times_reads_it_once(tmp_path: Path) -> None:
    book = read(write_epub(tmp_path / "book.epub", {"one.xhtml": "<p>One.</p>"}, spine=["one.xhtml"] * 300))
    assert paragraphs(book) == ["One."]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]><p>One. &j;</p>",
        '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]><p>One. &j;</p>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><p>One. &j;</p>',
    ],
)
def test_entities_are_not_expanded_and_no_other_file_is_opened(tmp_path: Path, text: str) -> None:
    assert paragraphs(read_body(tmp_path, text.encode())) == ["One. &j;"]


@pytest.mark.parametrize("make", [lambda: b"<p>" + b" " * 30_000_000, lambda: b"<p>" + b"a" * 49_000_000])
def test_a_zip_bomb_is_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    with pytest.raises(UnreadableBook, match="zip bomb"):
        read_body(tmp_path, make())


def test_texts_that_are_too_large_together_or_too_many_are_refused(tmp_path: Path) -> None:
    texts = {f"{number}.xhtml": f"<p>{number}</p>" for number in range(20)}
    with zipfile.ZipFile(write_epub(tmp_path / "book.epub", texts)) as file:
        archive = Archive(file, most_bytes=2_000)
        with pytest.raises(UnreadableBook, match="its texts are larger than"):
            [archive.read(name) for name in archive.names]
        with pytest.raises(UnreadableBook, match="more than 20 files"):
            Archive(file, most_members=20)


def test_a_member_that_is_larger_than_it_says_is_lost_and_harms_no_other(tmp_path: Path) -> None:
    path = write_epub(tmp_path / "book.epub", {"big.xhtml": "<p>" + "word " * 9_000, "one.xhtml": "<p>One.</p>"})
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("O/big.xhtml").file_size
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", size), struct.pack("<L", 100)))
    book = read(path)
    assert paragraphs(book) == ["One."]
    assert [each.is_lost for each in book.left_out] == [True]


def test_a_member_that_needs_a_password_is_lost_and_harms_no_other(tmp_path: Path) -> None:
    path = write_epub(tmp_path / "book.epub", {"secret.xhtml": "<p>Secret.</p>", "one.xhtml": "<p>One.</p>"})
    data = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        name = data.index(b"O/secret.xhtml", data.index(signature))
        data[data.rindex(signature, 0, name) + flags] |= 1
    path.write_bytes(bytes(data))
    book = read(path)
    assert paragraphs(book) == ["One."]
    assert "it is protected by a password" in book.left_out[0].reason
