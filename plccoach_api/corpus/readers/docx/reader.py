"""Reads a DOCX: its styles give headings and lists, its core properties the title, the author and the year.

Deleted text, notes, running heads and comments are left out. A DOCX has no page numbers, because the
pages come into being when it is printed.
"""

import datetime as dt
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from plccoach_api.corpus.book import LeftOut, Paragraph, UnreadableBook, count_characters
from plccoach_api.corpus.readers.authors import split_authors
from plccoach_api.corpus.readers.docx.archive import OpenedDocument, open_document
from plccoach_api.corpus.readers.docx.foreign import reason_of
from plccoach_api.corpus.readers.docx.looks import PLAIN, Look, look_of, title_in_large_type, with_headings
from plccoach_api.corpus.readers.docx.numbering import BULLET, Numbering, numbering_of
from plccoach_api.corpus.readers.docx.styles import Style, Styles, outline_level, style_of
from plccoach_api.corpus.readers.docx.words import DELETED, Words, read_words
from plccoach_api.corpus.readers.front_matter import FrontMatter
from plccoach_api.corpus.readers.levelled_blocks import LevelledBlock, build, with_titles_below
from plccoach_api.corpus.readers.parsed_book import ParsedBook, parse_byline
from plccoach_api.corpus.readers.placeholders import real_title
from plccoach_api.corpus.readers.tables import TableRows, has_sentence

_PARAGRAPH, _TEXT, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "t", "tbl", "tr", "tc"))
_NO_TEXT = DELETED | {qn("w:sdtPr")}
# The style of code in a DOCX that pandoc, bookdown or Quarto made. Text that was only indented has it, too.
_CODE = "source code"
# The clauses of a law or a contract may have the styles of headings.
_MOST_HEADING_CHARACTERS = 200
_MOST_CLAUSE_CHARACTERS = 100
_CLAUSE_END = (".", ";", ":")
# A subtitle may stand above the authors.
_TITLE_PAGE_BLOCKS = 2
_PARTS = {
    "footnotes": "notes",
    "endnotes": "notes",
    "header": "running heads",
    "footer": "running heads",
    "comments": "comments",
}
# python-docx's own template was made then, and every file that is made with it says so.
_TEMPLATE_DAY = dt.date(2013, 12, 23)


def read(path: Path) -> ParsedBook:
    """Raises UnreadableBook."""
    try:
        with zipfile.ZipFile(path) as archive:
            opened = open_document(archive)
        return _DocxReader(opened).read()
    except zipfile.BadZipFile as error:
        raise UnreadableBook(reason_of(path)) from error
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, zlib.error, RuntimeError, EOFError) as error:
        raise UnreadableBook(f"it is a broken DOCX ({type(error).__name__})") from error


class _DocxReader:
    def __init__(self, opened: OpenedDocument) -> None:
        self._opened = opened
        self._document = opened.document
        self._numbering = Numbering(self._numbering_root())
        self._blocks: list[LevelledBlock] = []
        self._looks: list[Look] = []
        self._left_out: Counter[str] = Counter()
        self._items: list[str] = []
        self._title: str | None = None
        self._authors: tuple[str, ...] = ()
        self._open_text = ""
        self._styles = Styles(self._document.styles.element)

    def read(self) -> ParsedBook:
        body = self._document.element.body
        for element in _body_elements(body):
            if element.tag == _TABLE:
                self._read_table(element)
            else:
                self._read_paragraph(element)
        self._end_open_text()
        self._end_list()
        self._count_parts()
        title, authors, year = self._properties()
        blocks = with_titles_below(with_headings(self._blocks, self._looks))
        title = self._title or title or title_in_large_type(self._blocks, self._looks)
        parsed = build(FrontMatter(title, self._authors, None), blocks, self._left_out)
        chunks = sum(1 for _ in body.iter(qn("w:altChunk")))
        parts = (LeftOut(f"{chunks} texts of another format in it", chunks, is_lost=True),) if chunks else ()
        return replace(
            parsed,
            authors=parsed.authors or authors,
            year=parsed.year or year,
            left_out=(*self._opened.left_out, *parsed.left_out, *parts),
        )

    def _properties(self) -> tuple[str | None, tuple[str, ...], int | None]:
        if not self._opened.has_properties:
            return None, (), None
        properties = self._document.core_properties
        created = properties.created
        year = created.year if created and created.date() != _TEMPLATE_DAY else None
        return real_title(properties.title.replace("\ufffd", "")), split_authors(properties.author), year

    def _numbering_root(self) -> Any:
        rels = self._document.part.rels.values()
        return next((each.target_part.element for each in rels if each.reltype.endswith("/numbering")), None)

    def _read_paragraph(self, element: Any) -> None:
        words = self._words(element)
        text = f"{self._open_text} {words.text}".strip()
        # If its end was deleted, the next paragraph goes on with it.
        is_open = element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None
        self._open_text = text if is_open else ""
        if not is_open:
            self._read_text(element, text)
        for box in words.boxes:
            self._append(LevelledBlock(Paragraph(box)))

    def _read_text(self, element: Any, text: str) -> None:
        style = self._styles.get(style_of(element))
        level = self._level(element, style)
        if style.name.startswith("toc"):
            self._left_out["list of contents"] += count_characters(text)
        elif style.name == _CODE and not has_sentence(text):
            self._left_out["code"] += count_characters(text)
        elif text and style.name == "title" and self._title is None and not self._blocks:
            self._title = text
        elif text and style.name == "author" and not self._blocks:
            self._authors = (*self._authors, *split_authors(text))
        elif text and not self._authors and self._is_title_page() and (names := parse_byline(text)):
            self._authors = names
        elif text:
            self._add(element, text, style, level)

    def _is_title_page(self) -> bool:
        return len(self._blocks) <= _TITLE_PAGE_BLOCKS and not any(each.level for each in self._blocks)

    def _add(self, element: Any, text: str, style: Style, level: int) -> None:
        """Adds a heading, an item of a list, or a paragraph, with the number that Word prints before it."""
        label = self._label(element, style)
        if level and not _is_sentence(text):
            self._end_list()
            separator = ": " if label and " " in label and label[-1].isalnum() else " "
            self._append(
                LevelledBlock(Paragraph(f"{label}{separator}{text}" if label and label != BULLET else text), level)
            )
        elif label is not None or style.name.startswith("list"):
            number = f"{len(self._items) + 1}." if "number" in style.name else BULLET
            self._items.append(f"{label or number} {text}")
        else:
            self._end_list()
            self._append(LevelledBlock(Paragraph(text)), look_of(element))

    def _append(self, block: LevelledBlock, look: Look = PLAIN) -> None:
        self._blocks.append(block)
        self._looks.append(look)

    def _end_open_text(self) -> None:
        if self._open_text:
            self._end_list()
            self._append(LevelledBlock(Paragraph(self._open_text)))
            self._open_text = ""

    def _end_list(self) -> None:
        if self._items:
            self._append(LevelledBlock(Paragraph("\n".join(self._items))))
            self._items = []

    def _read_table(self, table: Any) -> None:
        """Adds the rows of a table. A table of one cell, or with headings, only places text on the page."""
        self._end_open_text()
        self._end_list()
        elements = list(_table_elements(table))
        paragraphs = [each for each in elements if each.tag == _PARAGRAPH]
        is_frame = sum(1 for _ in table.iter(_CELL)) == 1
        if is_frame or any(self._level(each, self._styles.get(style_of(each))) for each in paragraphs):
            for each in paragraphs:
                self._read_paragraph(each)
            self._end_open_text()
            self._end_list()
            return
        rows = TableRows()
        for element in elements:
            if element.tag == _ROW:
                rows.end_row()
                continue
            words = self._words(element)
            for text in (words.text, *words.boxes):
                rows.add_cell(Paragraph(text))
        for each in rows.paragraphs():
            self._append(LevelledBlock(each))

    def _words(self, paragraph: Any) -> Words:
        words = read_words(paragraph)
        self._left_out.update(words.left_out)
        return words

    def _label(self, element: Any, style: Style) -> str | None:
        number, level = numbering_of(element.find(qn("w:pPr")))
        if number is None:
            number, level = style.number, style.number_level if level is None else level
        return self._numbering.label(number, level, style_of(element)) if number else None

    def _level(self, element: Any, style: Style) -> int:
        """Returns the level of the heading, or 0."""
        own = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        return style.level if own is None else outline_level(own)

    def _count_parts(self) -> None:
        """Counts the notes, running heads and comments, which stand in parts of their own."""
        for each in self._document.part.rels.values():
            if reason := _PARTS.get(each.reltype.rpartition("/")[2]):
                self._left_out[reason] += _count_text(each.target_part.blob)


def _body_elements(body: Any) -> Iterator[Any]:
    """Yields paragraphs and tables in order, also from content controls and other frames around them."""
    return _elements(body, {_PARAGRAPH, _TABLE}, closed={_PARAGRAPH, _TABLE})


def _table_elements(table: Any) -> Iterator[Any]:
    """Yields the rows and the paragraphs of a table and of the tables in it, without those of text boxes."""
    return _elements(table, {_PARAGRAPH, _ROW}, closed={_PARAGRAPH})


def _elements(root: Any, tags: AbstractSet[str], *, closed: AbstractSet[str]) -> Iterator[Any]:
    """Yields the elements with these tags in order. The elements inside one with a `closed` tag are passed over."""
    stack = [*reversed(root)]
    while stack:
        node = stack.pop()
        if node.tag in tags:
            yield node
        if node.tag not in closed and node.tag not in _NO_TEXT:
            stack += reversed(node)


def _is_sentence(text: str) -> bool:
    """Judges if a text in the style of a heading is one: a clause of a contract, or several sentences."""
    is_clause = len(text) > _MOST_CLAUSE_CHARACTERS and text.endswith(_CLAUSE_END)
    return is_clause or (len(text) > _MOST_HEADING_CHARACTERS and has_sentence(text))


def _count_text(blob: bytes) -> int:
    from docx.oxml.parser import parse_xml  # noqa: PLC0415 - it is this library's safe parser

    return sum(count_characters(each.text or "") for each in parse_xml(blob).iter(_TEXT))
