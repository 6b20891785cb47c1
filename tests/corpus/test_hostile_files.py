"""A file that was made to exhaust its reader ends in a book or in one clear line, within its limits."""

import time
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from plccoach_api.corpus.ingest import IngestOptions, dry_run
from plccoach_api.corpus.reading_process import ReadingLimits, read_in_process
from plccoach_api.corpus.report import Report

ITEM = '<itemref idref="c"/>'
LIMITS = ReadingLimits(seconds=3, memory_megabytes=400)


async def check(*paths: Path) -> list[Report]:
    started = time.monotonic()
    reports = await dry_run(paths, IngestOptions(read=partial(read_in_process, limits=LIMITS)))
    # Starting a process takes time too, on a machine that runs other tests.
    assert time.monotonic() - started < len(paths) * (LIMITS.seconds + 5)
    return reports


def pdf(path: Path, *objects: bytes) -> Path:
    """Writes a PDF of these objects, which are numbered from 1. The first is the catalog."""
    body, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    path.write_bytes(body + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer)
    return path


def stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Filter /FlateDecode /Length %d %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def page(xobjects: bytes = b"") -> bytes:
    resources = b"<< /Font << /F 5 0 R >> /XObject << %s >> >>" % xobjects
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s >>" % resources


def stream_bomb(folder: Path) -> Path:
    """A page of 60 MB in a file of some 100 kB."""
    content = stream(b"BT /F 9 Tf 20 20 Td " + b"(A word.) Tj T* " * 4_000_000 + b"ET")
    return pdf(folder / "bomb.pdf", b"<< /Type /Catalog /Pages 2 0 R >>", PAGES, page(), content, FONT)


def form_bomb(folder: Path) -> Path:
    """Forms that name each other a hundred times, four deep: a hundred million texts in 3 kB."""
    forms = []
    for number in range(6, 10):
        resources = b"/Resources << /Font << /F 5 0 R >> /XObject << /X %d 0 R >> >>" % (number + 1)
        forms.append(stream(b"/X Do " * 100, b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] " + resources))
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F 5 0 R >> >>"
    text = stream(b"BT /F 9 Tf 20 20 Td (Again.) Tj ET", entries)
    content = stream(b"/X Do")
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    return pdf(folder / "forms.pdf", catalog, PAGES, page(b"/X 6 0 R"), content, FONT, *forms, text)


def epub(path: Path, chapter: bytes, spine: int = 1) -> Path:
    """Writes an EPUB whose spine names one chapter this many times."""
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Bomb</dc:title></metadata>'
        '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        f"<spine>{ITEM * spine}</spine></package>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("book.opf", package)
        archive.writestr("c.xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml"><body>' + chapter + b"</body></html>")
    return path


def zip_bomb(folder: Path) -> Path:
    """A chapter of 300 MB in a file of 300 kB."""
    return epub(folder / "bomb.epub", b"<p>" + b"A word. " * 37_500_000 + b"</p>")


def repeated_chapter(folder: Path) -> Path:
    """A chapter of 800 kB that the spine names 300 times, in 3 kB."""
    return epub(folder / "again.epub", b"<p>A word.</p>" * 57_000, spine=300)


@pytest.mark.parametrize("make", [stream_bomb, form_bomb, zip_bomb, repeated_chapter])
async def test_a_bomb_ends_within_its_limits_and_the_next_book_is_read(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    book = tmp_path / "book.md"
    book.write_text("# Zebras\n\nZebras have stripes.")
    bomb = make(tmp_path)
    assert bomb.stat().st_size < 500_000
    hostile, after = await check(bomb, book)
    assert hostile.outcome == "readable" or hostile.reason
    assert (after.outcome, after.title) == ("readable", "Zebras")
