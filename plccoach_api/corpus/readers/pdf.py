"""Reads a PDF: `pdf_layout` finds the paragraphs and headings, and `pdf_outline` the titles of the chapters."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pdfminer.layout import LAParams
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFNoPageLabels, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser, PDFSyntaxError
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from plccoach_api.corpus.book import Paragraph, UnreadableBook
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.headings import parse_heading, parse_outline_entry
from plccoach_api.corpus.readers.parsed_book import ParsedBook, split_authors
from plccoach_api.corpus.readers.pdf_layout import Block, find_blocks, join_blocks, read_lines
from plccoach_api.corpus.readers.pdf_outline import read_outline

# A page of text has hundreds of characters. A scanned page has none, or a stamp.
_LEAST_CHARACTERS = 20
# Word processors write such names into the title field of the metadata.
_NO_TITLE = re.compile(r"^(?:untitled|microsoft word|document\d*$)|\.(?:docx?|pdf|indd|tex|rtf)$", re.IGNORECASE)


def read(path: Path) -> ParsedBook:
    """Raises UnreadableBook."""
    try:
        with path.open("rb") as file:
            return _read(PDFDocument(PDFParser(file)))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableBook("it is encrypted") from error
    except (PDFSyntaxError, PDFException, PSException, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableBook(f"it is a broken PDF ({type(error).__name__})") from error


def _read(document: PDFDocument) -> ParsedBook:
    pages = list(PDFPage.create_pages(document))
    lines = [read_lines(page, LAParams()) for page in pages]
    characters = sum(len(line.text) for page in lines for line in page)
    if characters < _LEAST_CHARACTERS * max(1, len(pages)):
        raise UnreadableBook("it has no text: its pages are pictures, as in a scan")
    blocks = join_blocks(find_blocks(lines, _page_numbers(document, len(pages))))
    title, authors, year = _metadata(document)
    if title is None:
        title = _largest_heading_of_first_page(blocks)
    outline = read_outline(document, {page.pageid: index for index, page in enumerate(pages)})
    return ParsedBook(title, authors, year, _build_chapters(blocks, outline, title).chapters())


def _build_chapters(blocks: Sequence[Block], outline: Mapping[int, Sequence[str]], title: str | None) -> ChapterBuilder:
    if outline:
        return _build_by_outline(blocks, outline, title)
    builder = ChapterBuilder()
    has_chapter_headings = any(parse_heading(block.text) for block in blocks)
    chapter_size = None if has_chapter_headings else _chapter_heading_size(blocks, title)
    for block in blocks:
        if block.heading_size and _is_same(block.text, title):
            continue
        if chapter_size and block.heading_size == chapter_size:
            builder.open(*parse_outline_entry(block.text))
        else:
            builder.add(_paragraph(block))
    return builder


def _build_by_outline(
    blocks: Sequence[Block], outline: Mapping[int, Sequence[str]], title: str | None
) -> ChapterBuilder:
    """Begins a chapter at the heading that repeats its title, or, without such a heading, at the top of its page."""
    builder = ChapterBuilder()
    last_page, pending = -1, list[str]()
    for block in blocks:
        pending += [entry for page in range(last_page + 1, block.page + 1) for entry in outline.get(page, ())]
        last_page = max(last_page, block.page)
        if block.heading_size and _is_same(block.text, title):
            continue
        match = next((index for index, entry in enumerate(pending) if _is_chapter_title(block.text, entry)), None)
        open_count = match + 1 if match is not None else 0 if block.heading_size else len(pending)
        for entry in pending[:open_count]:
            builder.open(*parse_outline_entry(entry))
        pending = pending[open_count:]
        # A heading `Chapter 4` may stand alone above the title. The outline's entry has the number already.
        if match is None and not (block.heading_size and parse_heading(block.text)):
            builder.add(_paragraph(block))
    return builder


def _paragraph(block: Block) -> Paragraph:
    is_chapter = parse_heading(block.text) is not None
    text = f"### {block.text}" if block.heading_size and not is_chapter else block.text
    return Paragraph.on(text, block.first_page)


def _is_chapter_title(text: str, entry: str) -> bool:
    """Compares a line with an entry of the outline. Either of them may lack the chapter's number."""
    return _is_same(text, entry) or _is_same(parse_outline_entry(text)[1], parse_outline_entry(entry)[1])


def _is_same(one: str, other: str | None) -> bool:
    return other is not None and "".join(one.lower().split()) == "".join(other.lower().split())


def _chapter_heading_size(blocks: Sequence[Block], title: str | None) -> float | None:
    """Returns the largest size that at least two headings share."""
    sizes = [block.heading_size for block in blocks if block.heading_size and not _is_same(block.text, title)]
    return max((size for size in sizes if sizes.count(size) > 1), default=None)


def _largest_heading_of_first_page(blocks: Sequence[Block]) -> str | None:
    headings = [block for block in blocks if block.page == 0 and block.heading_size]
    return max(headings, key=lambda block: block.heading_size).text if headings else None


def _page_numbers(document: PDFDocument, pages: int) -> list[int | None]:
    """Returns the printed number of each page. A page of the front matter, in Roman numerals, has None."""
    try:
        labels = [label for label, _ in zip(document.get_page_labels(), range(pages), strict=False)]
    except PDFNoPageLabels:
        return [*range(1, pages + 1)]
    return [int(label) if label.isdecimal() else None for label in labels] + [None] * (pages - len(labels))


def _metadata(document: PDFDocument) -> tuple[str | None, tuple[str, ...], int | None]:
    fields: dict[str, str] = {}
    for info in document.info:
        for key, value in info.items():
            resolved = resolve1(value)
            if isinstance(resolved, bytes) and (text := " ".join(decode_text(resolved).split())):
                fields.setdefault(key, text)
    title = fields.get("Title")
    if title is not None and _NO_TITLE.search(title):
        title = None
    year = re.match(r"(?:D:)?(\d{4})", fields.get("CreationDate", ""))
    return title, split_authors(fields.get("Author", "")), int(year[1]) if year else None
