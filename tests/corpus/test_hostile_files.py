"""A file that was made to exhaust its reader ends in a book or in one clear line, within its limits."""

import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from copy import copy
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest
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


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
WORDS = stream(b"BT /F 9 Tf 20 20 Td (A sentence of words.) Tj ET")
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] "
ENTITIES = '<!DOCTYPE x [<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{each} "{f"&a{each - 1};" * 10}">' for each in range(1, 12)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{outside}"><!ENTITY % p SYSTEM "file://{outside}">%p;]>'

PDFS = {
    "one text 300 times": (CATALOG, PAGES, page(b"/X 6 0 R"), stream(b"/X Do " * 300), FONT, stream(b"q Q " * 9, FORM)),
    "pages in a circle": (CATALOG, b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", page(), WORDS, FONT),
    "two billion pages": (CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", page(), WORDS, FONT),
    "a form in itself": (
        *(CATALOG, PAGES, page(b"/X 6 0 R"), stream(b"/X Do"), FONT),
        stream(b"/X Do /X Do", FORM + b"/Resources << /XObject << /X 6 0 R >> >>"),
    ),
    "bookmarks in a circle": (
        *(CATALOG.replace(b"/Pages", b"/Outlines 6 0 R /Pages"), PAGES, page(), WORDS, FONT),
        b"<< /First 7 0 R /Last 7 0 R /Count 3 >>",
        b"<< /Title (One) /Next 7 0 R /First 6 0 R /Parent 6 0 R /Dest [3 0 R /Fit] >>",
    ),
}
CHAPTERS = {
    "deep elements": "<ul><li>x" * 200_000,
    "entities": f"{ENTITIES}]><p>A text of words &a11;.</p>",
    "open tags": "<p>A text.</p>" + "<a " * 300_000,
    "open comments": "<p>A text.</p>" + "<!--" * 300_000,
    "a deep list of contents": "<nav>" + "<ol><li><a href='c.xhtml'>x</a>" * 50_000,
}
TEXTS = {
    "stops": ". " * 100_000,
    "one line": "word " * 150_000,
    "quotes": "> " * 100_000 + "deep",
    "brackets": "[" * 100_000,
    "emphasis": "*a _b " * 20_000,
    "links": "[a](b " * 20_000,
    "comments": "<!--" * 100_000,
}
ANCHORS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 20))
HEADS = {
    "anchors": f"---\ntitle: Zebras\n{ANCHORS}authors: *a19\n---\n",
    "deep YAML": f"---\ntitle: {'[' * 30_000}\n---\n",
    "deep TOML": f"+++\na = {'[' * 30_000}\n+++\n",
}


async def in_limits(path: Path) -> Report:
    limits = ReadingLimits(seconds=30, memory_megabytes=600)
    started = time.monotonic()
    [report] = await dry_run([path], IngestOptions(read=partial(read_in_process, limits=limits)))
    assert time.monotonic() - started < limits.seconds_for(path.stat().st_size) + 5
    assert report.outcome == "readable" or report.reason
    return report


@pytest.mark.parametrize("name", PDFS)
async def test_a_pdf_without_an_end_is_read_within_its_limits(tmp_path: Path, name: str) -> None:
    (tmp_path / "book.toml").write_text('title = "Hostile"')
    report = await in_limits(pdf(tmp_path / "book.pdf", *PDFS[name]))
    if WORDS in PDFS[name] and "pages" not in name:
        assert [each.begins for each in report.chapters] == ["A sentence of words."]


@pytest.mark.parametrize("name", CHAPTERS)
async def test_markup_without_an_end_is_read_within_its_limits(tmp_path: Path, name: str) -> None:
    # A level of compression that is no zip bomb.
    path = epub(tmp_path / "book.epub", CHAPTERS[name].encode(), compresslevel=0)
    await in_limits(path)


async def test_an_external_entity_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("The secret text.")
    head = OUTSIDE.replace("{outside}", str(tmp_path / "outside.txt"))
    report = await in_limits(epub(tmp_path / "book.epub", b"<p>Words &e; here.</p>", head=head, compresslevel=0))
    assert "secret" not in str(report)


@pytest.mark.parametrize("name", TEXTS)
async def test_a_text_without_an_end_is_read_within_its_limits(tmp_path: Path, name: str) -> None:
    (tmp_path / "book.md").write_text(f"# Hostile\n\nA first sentence.\n\n{TEXTS[name]}\n\nA last sentence.\n")
    report = await in_limits(tmp_path / "book.md")
    assert [each.begins for each in report.chapters] == ["A first sentence."]


@pytest.mark.parametrize("name", HEADS)
async def test_front_matter_without_an_end_is_read_within_its_limits(tmp_path: Path, name: str) -> None:
    (tmp_path / "book.md").write_text(f"{HEADS[name]}\n# Hostile\n\nA first sentence.\n")
    report = await in_limits(tmp_path / "book.md")
    assert [each.begins for each in report.chapters] == ["A first sentence."]


DOCX_RELATION = (
    '<Relationship Id="x{}" Target="footnotes.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/>'
)
DOCX_NOTES = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:footnotes>'
DOCX_WORDS = "<w:p><w:r><w:t>More words.</w:t></w:r></w:p>"
DOCX_CONTENT = {
    "a part of 60 MB": f"<w:p><w:r><w:t>{'A word. ' * 7_500_000}</w:t></w:r></w:p>",
    "deep elements": "<w:sdt><w:sdtContent>" * 50_000,
    "deep tables": "<w:tbl><w:tr><w:tc>" * 80 + DOCX_WORDS + "</w:tc></w:tr></w:tbl>" * 80,
    "entities": f"{ENTITIES}]>",
    "runs": f"<w:p>{'<w:r><w:t>ab </w:t></w:r>' * 100_000}</w:p>",
    "cells": f"<w:tbl><w:tr>{f'<w:tc>{DOCX_WORDS}</w:tc>' * 20_000}</w:tr></w:tbl>",
}


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


@pytest.mark.parametrize("name", DOCX_CONTENT)
async def test_a_docx_without_an_end_is_read_within_its_limits(tmp_path: Path, name: str) -> None:
    report = await in_limits(docx(tmp_path / "book.docx", DOCX_CONTENT[name]))
    if name in {"deep tables", "runs", "cells"}:
        assert report.chapters[0].begins == "A sentence of words."


async def test_a_part_that_a_docx_names_a_thousand_times_is_counted_once(tmp_path: Path) -> None:
    members = {"word/footnotes.xml": DOCX_NOTES.format(DOCX_WORDS * 20_000)}
    relations = "".join(map(DOCX_RELATION.format, range(1000)))
    report = await in_limits(docx(tmp_path / "book.docx", members=members, relations=relations))
    assert {each.reason: each.characters for each in report.left_out}["notes"] == 20_000 * len("Morewords.")


@pytest.mark.parametrize("suffix", ["docx", "epub"])
async def test_an_archive_of_archives_is_not_opened(tmp_path: Path, suffix: str) -> None:
    path, inner = tmp_path / f"book.{suffix}", b"x" * 1000
    for _ in range(4):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(20):
                archive.writestr(f"{number}.{suffix}", inner)
        inner = path.read_bytes()
    report = await in_limits(path)
    assert report.reason is not None
    assert report.reason.startswith("it is a broken ")


async def test_an_epub_with_very_many_members_is_refused(tmp_path: Path) -> None:
    path = epub(tmp_path / "book.epub", b"<p>A text.</p>")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}.xhtml", b"")
    assert (await in_limits(path)).reason == "it has more than 20,000 files in it"


async def test_members_that_overlap_count_as_often_as_they_are_named(tmp_path: Path) -> None:
    path = docx(tmp_path / "book.docx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.xml", "x" * 1_000_000)
        for number in range(1000):
            again = copy(archive.getinfo("x.xml"))
            again.filename = f"{number}.xml"
            archive.filelist.append(again)
    assert (await in_limits(path)).reason == "it is larger than 1000 MB when it is unpacked"
