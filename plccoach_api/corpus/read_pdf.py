"""Reads a PDF: its outline says the chapters, or else its headings; its layout the paragraphs and what is no text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pdfminer.layout import LAParams
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFNoOutlines, PDFNoPageLabels, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser, PDFSyntaxError
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from plccoach_api.corpus.book import Paragraph, UnreadableBook
from plccoach_api.corpus.layout import Block, blocks_of, joined, lines_of
from plccoach_api.corpus.parsed_book import Outliner, ParsedBook, entry, heading, names

# A page of text has hundreds; a picture of one has none, or a stamp.
_LEAST_CHARACTERS = 20
# What programs write where a title should be.
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
    lines = [lines_of(page, LAParams()) for page in pages]
    characters = sum(len(line.text) for page in lines for line in page)
    if characters < _LEAST_CHARACTERS * max(1, len(pages)):
        raise UnreadableBook("it has no text: its pages are pictures, as a scan's are")
    blocks = joined(blocks_of(lines, _labels(document, len(pages))))
    title, authors, year = _title_page(document)
    if title is None:
        title = _largest(blocks)
    outline = _outline(document, {page.pageid: index for index, page in enumerate(pages)})
    return ParsedBook(title, authors, year, _chapters(blocks, outline, title).chapters())


def _chapters(blocks: Sequence[Block], outline: Mapping[int, Sequence[str]], title: str | None) -> Outliner:
    if outline:
        return _by_outline(blocks, outline, title)
    chapters = Outliner()
    level = None if any(heading(block.text) for block in blocks) else _top_level(blocks, title)
    for block in blocks:
        if block.size and _same(block.text, title):
            continue
        if level and block.size == level:
            chapters.open(*entry(block.text))
        else:
            chapters.add(_paragraph(block))
    return chapters


def _by_outline(blocks: Sequence[Block], outline: Mapping[int, Sequence[str]], title: str | None) -> Outliner:
    """A chapter begins at the heading of its name, or where no heading says it, with the text of its page."""
    chapters = Outliner()
    seen, waiting = -1, list[str]()
    for block in blocks:
        waiting += [text for page in range(seen + 1, block.page + 1) for text in outline.get(page, ())]
        seen = max(seen, block.page)
        if block.size and _same(block.text, title):
            continue
        named = next((at for at, text in enumerate(waiting) if _names(block.text, text)), None)
        begun = named + 1 if named is not None else 0 if block.size else len(waiting)
        for text in waiting[:begun]:
            chapters.open(*entry(text))
        waiting = waiting[begun:]
        # `Chapter 4` on a line of its own, above the title that the outline has.
        if named is None and not (block.size and heading(block.text)):
            chapters.add(_paragraph(block))
    return chapters


def _paragraph(block: Block) -> Paragraph:
    is_chapter = heading(block.text) is not None
    text = f"### {block.text}" if block.size and not is_chapter else block.text
    return Paragraph(text, block.first_page, block.last_page)


def _names(text: str, title: str) -> bool:
    """Whether a line is a chapter's title, with its number or without."""
    return _same(text, title) or _same(entry(text)[1], entry(title)[1])


def _same(one: str, other: str | None) -> bool:
    return other is not None and "".join(one.lower().split()) == "".join(other.lower().split())


def _top_level(blocks: Sequence[Block], title: str | None) -> float | None:
    """The size of the largest headings of which there are two."""
    sizes = [block.size for block in blocks if block.size and not _same(block.text, title)]
    return max((size for size in sizes if sizes.count(size) > 1), default=None)


def _largest(blocks: Sequence[Block]) -> str | None:
    first = [block for block in blocks if block.page == 0 and block.size]
    return max(first, key=lambda block: block.size).text if first else None


def _labels(document: PDFDocument, pages: int) -> list[int | None]:
    """The printed numbers of the pages; a front matter's, in Roman numerals, are none that a citation could name."""
    try:
        labels = [label for label, _ in zip(document.get_page_labels(), range(pages), strict=False)]
    except PDFNoPageLabels:
        return [*range(1, pages + 1)]
    return [int(label) if label.isdecimal() else None for label in labels] + [None] * (pages - len(labels))


def _title_page(document: PDFDocument) -> tuple[str | None, tuple[str, ...], int | None]:
    found: dict[str, str] = {}
    for info in document.info:
        for key, value in info.items():
            resolved = resolve1(value)
            if isinstance(resolved, bytes) and (text := " ".join(decode_text(resolved).split())):
                found.setdefault(key, text)
    title = found.get("Title")
    if title is not None and _NO_TITLE.search(title):
        title = None
    year = re.match(r"(?:D:)?(\d{4})", found.get("CreationDate", ""))
    return title, names(found.get("Author", "")), int(year[1]) if year else None


def _outline(document: PDFDocument, pages: Mapping[Any, int]) -> dict[int, list[str]]:
    """By page, the titles of the chapters that begin there: the outline's first level that has several lines."""
    try:
        lines = [(level, title, dest or action) for level, title, dest, action, _ in document.get_outlines()]
    except PDFNoOutlines:
        return {}
    levels = [level for level, _, _ in lines]
    several = next((level for level in sorted(set(levels)) if levels.count(level) > 1), 1)
    found: dict[int, list[str]] = {}
    for level, title, target in lines:
        page = _page(document, target, pages)
        if level == several and page is not None and title.strip():
            found.setdefault(page, []).append(" ".join(title.split()))
    return found


def _page(document: PDFDocument, target: Any, pages: Mapping[Any, int]) -> int | None:
    """Where a line of the outline leads: a destination, the name of one, or an action that has one."""
    for part in _unfolded(document, target):
        if isinstance(part, list) and part:
            return pages.get(getattr(part[0], "objid", None))
    return None


def _unfolded(document: PDFDocument, target: Any) -> Iterator[Any]:
    for _ in range(4):
        target = resolve1(target)
        yield target
        if isinstance(target, dict):
            target = target.get("D")
        elif isinstance(target, bytes | str) or hasattr(target, "name"):
            name = getattr(target, "name", target)
            target = document.get_dest(name if isinstance(name, bytes) else str(name).encode())
        else:
            return
