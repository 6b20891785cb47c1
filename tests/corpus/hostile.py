"""Writes files that exhaust a careless reader, and reads them within limits."""

import time
import zipfile
import zlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from docx import Document

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


def epub(path: Path, chapter: bytes, spine: int = 1, *, head: str = "", compresslevel: int = 9) -> Path:
    """Writes an EPUB whose spine names one chapter this many times. `head` stands before its XML documents."""
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
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=compresslevel) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("book.opf", head + package)
        archive.writestr(
            "c.xhtml",
            head.encode() + b'<html xmlns="http://www.w3.org/1999/xhtml"><body>' + chapter + b"</body></html>",
        )
    return path


def repeated_chapter(folder: Path) -> Path:
    """A chapter of 800 kB that the spine names 300 times, in 3 kB."""
    return epub(folder / "again.epub", b"<p>A word.</p>" * 57_000, spine=300)


async def in_limits(path: Path) -> Report:
    limits = ReadingLimits(seconds=30, memory_megabytes=600)
    started = time.monotonic()
    [report] = await dry_run([path], IngestOptions(read=partial(read_in_process, limits=limits)))
    assert time.monotonic() - started < limits.seconds_for(path.stat().st_size) + 5
    assert report.outcome == "readable" or report.reason
    return report


def docx(path: Path, content: str = "", members: Mapping[str, str] = MappingProxyType({}), relations: str = "") -> Path:
    """Writes a DOCX with a sentence, this content and more members. Content that begins with `<!` stands before all."""
    plain = path.with_suffix(".plain")
    document = Document()
    document.add_paragraph("A sentence of words.")
    document.save(str(plain))
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml" and content.startswith("<!"):
                data = data.replace("?>", f"?>{content}", 1).replace("A sentence", "&a11; A sentence")
            elif name == "word/document.xml":
                data = data.replace("<w:sectPr", f"{content}<w:sectPr", 1)
            elif name == "word/_rels/document.xml.rels":
                data = data.replace("</Relationships>", f"{relations}</Relationships>")
            target.writestr(name, data.encode("utf-8", "surrogateescape"))
        for name, text in members.items():
            target.writestr(name, text)
    return path
