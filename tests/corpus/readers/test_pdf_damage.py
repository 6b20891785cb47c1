"""PDFs of which a part is damaged: the rest is read, and what is lost is said."""

import zlib
from pathlib import Path

from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.pdf_objects import lines, write_pdf
from tests.corpus.readers.test_pdf_kinds import FRUITS, page_about, text_of


def test_a_page_that_breaks_off_is_read_up_to_there_and_the_rest_is_lost(tmp_path: Path) -> None:
    long = lines([f"Teams that like {fruit} number {at} meet." for at, fruit in enumerate(FRUITS)])
    whole = zlib.compress(long.encode())
    middle = len(whole) // 2
    damaged = {
        "cut": whole[:middle],
        "changed": whole[:middle] + bytes(16) + whole[middle + 16 :],
        "cut short": whole[:-4],
    }
    for name, content in damaged.items():
        pages: list[str | bytes] = [page_about("apples"), content, page_about("pears")]
        book = read(write_pdf(tmp_path / "book.pdf", pages, filters={1: "/Filter /FlateDecode"}))
        lost = [each for each in book.left_out if each.is_lost]
        if name == "cut short":
            # Only the checksum is missing.
            assert not lost
            assert "quinces" in text_of(book)
        else:
            assert [each.reason for each in lost] == ["page 2 could be read in part only"]
            assert book.share < 1
        assert "like apples number 0" in text_of(book)


def test_compressed_content_that_does_not_say_so_is_lost_and_said(tmp_path: Path) -> None:
    pages: list[str | bytes] = [
        page_about("apples"),
        zlib.compress(page_about("figs").encode()) * 9,
        page_about("figs"),
    ]
    book = read(write_pdf(tmp_path / "book.pdf", pages))
    assert [each.reason for each in book.left_out] == ["page 2 could not be read"]


def test_a_file_whose_end_is_missing_is_read_and_its_loss_is_said(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "book.pdf", [page_about(fruit) for fruit in FRUITS[:3]])
    path.write_bytes(path.read_bytes().partition(b"xref")[0])
    book = read(path)
    assert all(fruit in text_of(book) for fruit in FRUITS[:3])
    assert "the end of the file, which is missing" in {each.reason for each in book.left_out if each.is_lost}


def test_a_file_that_breaks_off_between_a_page_and_its_content_has_lost_the_page(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "book.pdf", [page_about(fruit) for fruit in FRUITS[:3]])
    content = path.read_bytes()
    last = content.index(FRUITS[2].encode())
    path.write_bytes(content[: content.rindex(b" 0 obj", 0, last) - 1])
    reasons = {each.reason for each in read(path).left_out if each.is_lost}
    assert reasons == {"the end of the file, which is missing", "page 3 could not be read"}
