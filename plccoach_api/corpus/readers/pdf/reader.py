"""Reads a PDF through PDFium.

`text` finds the lines of each page, `layout` the paragraphs and headings, `chapters` the chapters.
"""

import ctypes
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from plccoach_api.corpus.book import LeftOut, UnreadableBook, count_characters
from plccoach_api.corpus.readers.headings import is_chapter_or_appendix, is_part
from plccoach_api.corpus.readers.normalize import find_vocabulary
from plccoach_api.corpus.readers.note_numbers import NOTE_NUMBERS
from plccoach_api.corpus.readers.parsed_book import ParsedBook
from plccoach_api.corpus.readers.pdf.chapters import build_chapters, find_title
from plccoach_api.corpus.readers.pdf.layout import count_printed_pages, drop_running_heads, find_blocks, join_blocks
from plccoach_api.corpus.readers.pdf.metadata import read_metadata
from plccoach_api.corpus.readers.pdf.outline import read_outline
from plccoach_api.corpus.readers.pdf.streams import is_broken, share_before_break
from plccoach_api.corpus.readers.pdf.text import Line, read_page

# A page of text has hundreds of characters. A scanned page has none, or a stamp.
_LEAST_CHARACTERS = 20
# Each test of an empty page copies the page.
_MOST_TESTS = 50
_MOST_PAGE_BYTES = 200_000
_MOST_REPAIRED_BYTES = 100_000_000
_CATALOG = re.compile(rb"(?<!\d)(\d{1,7}) 0 obj\s{0,9}<<(?:(?!endobj).){0,2000}?/Type\s{0,9}/Catalog(?!\w)", re.DOTALL)
_MOST_NAMED_PAGES = 10
_LABEL = re.compile(r"(?:p(?:g|ages?)?\.?\s{0,3})?(\d{1,6})", re.IGNORECASE)
_SCAN = "its pages are pictures, as in a scan"
_ENCRYPTED = {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}


@dataclass(slots=True)
class _Pages:
    """The lines of each page, and the pages, by index, that have none."""

    lines: list[list[Line]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    broken_off: dict[int, float] = field(default_factory=dict)
    pictures: list[int] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def characters(self) -> int:
        return sum(count_characters(line.text) for page in self.lines for line in page)

    def left_out_parts(self) -> list[LeftOut]:
        left_out = [
            LeftOut(reason, characters, is_lost=reason != NOTE_NUMBERS)
            for reason, characters in self.left_out.items()
            if characters
        ]
        if self.broken:
            filled = sum(map(bool, self.lines))
            estimate = self.characters // max(1, filled) * len(self.broken)
            left_out.append(LeftOut(f"{_name_pages(self.broken)} could not be read", estimate, is_lost=True))
        if self.broken_off:
            missing = sum(
                (1 / share - 1) * sum(count_characters(line.text) for line in self.lines[index])
                for index, share in self.broken_off.items()
                if share > 0
            )
            reason = f"{_name_pages([*self.broken_off])} could be read in part only"
            left_out.append(LeftOut(reason, max(1, round(missing)), is_lost=True))
        if self.pictures:
            left_out.append(LeftOut(f"{_name_pages(self.pictures)}: pictures without text", 0, is_lost=True))
        return left_out


def read(path: Path) -> ParsedBook:
    """Raises UnreadableBook."""
    try:
        document, left_out = _open(path)
        with closing(document):
            parsed = _read(document, path.stat().st_size, is_cut=bool(left_out))
            return replace(parsed, left_out=(*left_out, *parsed.left_out))
    except pypdfium2.PdfiumError as error:
        if error.err_code in _ENCRYPTED:
            raise UnreadableBook("it is encrypted") from error
        raise UnreadableBook("it is a broken PDF") from error


def _open(path: Path) -> tuple[Any, tuple[LeftOut, ...]]:
    """Opens a file. One whose end is missing, as after a broken download, gets an end that names its catalog."""
    try:
        return pypdfium2.PdfDocument(path), ()
    except pypdfium2.PdfiumError as error:
        if error.err_code in _ENCRYPTED or path.stat().st_size > _MOST_REPAIRED_BYTES:
            raise
        data = path.read_bytes()
        catalog = _CATALOG.search(data)
        if catalog is None:
            raise
        end = b"\nendstream\nendobj\ntrailer\n<< /Root %s 0 R /Size 8000000 >>\nstartxref\n0\n%%%%EOF\n" % catalog[1]
        return pypdfium2.PdfDocument(data + end), (LeftOut("the end of the file, which is missing", 1, is_lost=True),)


def _read(document: Any, size: int, *, is_cut: bool) -> ParsedBook:
    pages = _read_pages(document, size, is_cut=is_cut)
    count = len(pages.lines)
    left_out = pages.left_out_parts()
    if len(pages.broken) == count:
        raise UnreadableBook("it is a broken PDF: none of its pages can be read")
    if pages.characters < _LEAST_CHARACTERS * count and (not pages.characters or 2 * len(pages.pictures) > count):
        reasons = [each.reason for each in left_out if each.characters]
        raise UnreadableBook(f"it has no text that can be read: {', '.join(reasons) or _SCAN}")
    lines, characters = drop_running_heads(pages.lines)
    if characters:
        left_out.append(LeftOut("running heads and page numbers", characters, is_lost=False))
    vocabulary = find_vocabulary(line.text for page in lines for line in page)
    page_numbers = _read_page_labels(document, count) or count_printed_pages(pages.lines) or [*range(1, count + 1)]
    blocks = join_blocks(find_blocks(lines, page_numbers, vocabulary), vocabulary)
    title, authors, year = read_metadata(document)
    title = title or find_title(blocks)
    firsts = {index: page[0].text for index, page in enumerate(lines) if page}
    chapter_pages = {index for index, text in firsts.items() if is_chapter_or_appendix(text)}
    part_pages = {index for index, text in firsts.items() if is_part(text)}
    builder = build_chapters(blocks, read_outline(document, count, chapter_pages, part_pages), title)
    chapters = builder.chapters()
    return ParsedBook(title, authors, year, chapters, left_out=(*left_out, *builder.left_out()))


def _read_pages(document: Any, size: int, *, is_cut: bool) -> _Pages:
    """Reads every page on its own, so that a broken one harms no other."""
    pages = _Pages()
    # Copying a page with large pictures would take longer than reading it.
    may_test_all = size < _MOST_PAGE_BYTES * len(document)
    for index in range(len(document)):
        lines: Sequence[Line] = ()
        try:
            with closing(document[index]) as page:
                text = read_page(page)
                lines = text.lines
                pages.left_out += text.left_out
                if not lines:
                    _judge_empty_page(document, page, index, pages, is_cut=is_cut)
                elif may_test_all and (share := share_before_break(document, index)) < 1:
                    pages.broken_off[index] = share
        except pypdfium2.PdfiumError:
            pages.broken.append(index)
        pages.lines.append([*lines])
    return pages


def _judge_empty_page(document: Any, page: Any, index: int, pages: _Pages, *, is_cut: bool) -> None:
    objects = pdfium.FPDFPage_CountObjects(page)
    if objects <= 0:
        if len(pages.broken) < _MOST_TESTS and is_broken(document, index, is_cut=is_cut):
            pages.broken.append(index)
    elif _has_picture(page):
        pages.pictures.append(index)


def _has_picture(page: Any) -> bool:
    return next(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]), None) is not None


def _name_pages(indexes: Sequence[int]) -> str:
    """Returns `page 2`, or `pages 2, 5, 7`, counted from the first page of the file."""
    named = ", ".join(str(index + 1) for index in indexes[:_MOST_NAMED_PAGES])
    more = len(indexes) - _MOST_NAMED_PAGES
    return f"page {named}" if len(indexes) == 1 else f"pages {named} and {more} more" if more > 0 else f"pages {named}"


def _read_page_labels(document: Any, count: int) -> list[int | None] | None:
    """Returns the number of each page by its label, such as 12 for `12` or `p. 12`. Roman numerals and `A-1` give None.

    Labels that count from the first page say nothing.
    """
    labels = [_read_page_label(document, index) for index in range(count)]
    numbers = [int(match[1]) if (match := _LABEL.fullmatch(label)) else None for label in labels]
    return numbers if any(labels) and numbers != [*range(1, count + 1)] else None


def _read_page_label(document: Any, index: int) -> str:
    size = pdfium.FPDF_GetPageLabel(document, index, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetPageLabel(document, index, buffer, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
