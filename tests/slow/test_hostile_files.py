"""A large file that was made to exhaust its reader ends in a book or in one clear line, within its limits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.reading_process import ReadingLimits, read_in_process
from tests.corpus.hostile import check, docx, epub, in_limits, pdf, repeated_chapter, stream

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


def zip_bomb(folder: Path) -> Path:
    """A chapter of 300 MB in a file of 300 kB."""
    return epub(folder / "bomb.epub", b"<p>" + b"A word. " * 37_500_000 + b"</p>")


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


@pytest.mark.parametrize(
    "text",
    ["word" + ". " * 2_000, "word" + ". " * 50_000, "word " + "[" * 20_000, "a" * 300_000, "a\n" * 50_000],
    ids=["stops", "many stops", "brackets", "one word", "short lines"],
)
async def test_a_pathological_text_is_read_in_half_a_minute(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.md"
    path.write_text("# Hostile\n\n" + text)
    chunked = await read_in_process(path, ReadingLimits(seconds=30))
    assert chunked.book.title == "Hostile"
    assert sum(chunk.tokens for chunk in chunked.chunks) > 500


@pytest.mark.parametrize(
    "text",
    ["> " * 5_000 + "deep", "\u202e" * 1000, ". " * 50_000, "[" * 20_000],
    ids=["deep quotation", "direction marks", "stops", "brackets"],
)
async def test_a_pathological_text_without_words_is_refused_in_half_a_minute(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.md"
    path.write_text("# Hostile\n\n" + text)
    with pytest.raises(UnreadableBook, match="it has no text"):
        await read_in_process(path, ReadingLimits(seconds=30))
