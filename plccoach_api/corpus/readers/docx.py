"""Reads a DOCX: its styles give headings and lists, its core properties the title, the author and the year.

Deleted text, notes, running heads and comments are left out. A DOCX has no page numbers, because the
pages come into being when it is printed.
"""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from plccoach_api.corpus.book import Paragraph, UnreadableBook, count_characters
from plccoach_api.corpus.readers.authors import split_authors
from plccoach_api.corpus.readers.front_matter import FrontMatter
from plccoach_api.corpus.readers.markdown import build, with_titles_below
from plccoach_api.corpus.readers.markdown_blocks import Block
from plccoach_api.corpus.readers.parsed_book import ParsedBook
from plccoach_api.corpus.readers.placeholders import real_title
from plccoach_api.corpus.readers.tables import TableRows

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

_MOST_BYTES = 1_000_000_000
_PARAGRAPH, _TEXT, _BOX = (qn(name) for name in ("w:p", "w:t", "w:txbxContent"))
_TABLE, _ROW, _CELL = (qn(name) for name in ("w:tbl", "w:tr", "w:tc"))
_SPACES = {qn(name) for name in ("w:tab", "w:br", "w:cr", "w:ptab")}
_NO_TEXT = {qn(name) for name in ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:sdtPr", "m:oMath")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_BASE_STYLES = 10
_DEEPEST_LEVEL = 6
_PARTS = {
    "footnotes": "notes",
    "endnotes": "notes",
    "header": "running heads",
    "footer": "running heads",
    "comments": "comments",
}


def read(path: Path) -> ParsedBook:
    """Raises UnreadableBook."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > _MOST_BYTES:
                raise UnreadableBook(f"it is larger than {_MOST_BYTES // 1_000_000} MB when it is unpacked")
        document = Document(str(path))
        return _DocxReader(document).read()
    except zipfile.BadZipFile as error:
        raise UnreadableBook("it is a broken DOCX, or it is encrypted") from error
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, zlib.error, RuntimeError, EOFError) as error:
        raise UnreadableBook(f"it is a broken DOCX ({type(error).__name__})") from error


class _DocxReader:
    def __init__(self, document: "DocxDocument") -> None:
        self._document = document
        self._blocks: list[Block] = []
        self._left_out: Counter[str] = Counter()
        self._items: list[str] = []
        self._title: str | None = None
        self._levels: dict[str | None, tuple[str, int]] = {}

    def read(self) -> ParsedBook:
        for element in _body_elements(self._document.element.body):
            if element.tag == _TABLE:
                self._read_table(element)
            else:
                self._read_paragraph(element)
        self._end_list()
        self._count_parts()
        properties = self._document.core_properties
        created = properties.created
        head = FrontMatter(self._title or real_title(properties.title), (), None)
        parsed = build(head, with_titles_below(self._blocks), self._left_out)
        year = parsed.year or (created.year if created else None)
        authors = parsed.authors or split_authors(properties.author)
        return ParsedBook(parsed.title, authors, year, parsed.chapters, None, parsed.left_out)

    def _read_paragraph(self, element: Any) -> None:
        text, boxes = self._text(element)
        style, level = self._style(element)
        if style.startswith("toc"):
            self._left_out["list of contents"] += count_characters(text)
        elif text and style == "title" and self._title is None and not self._blocks:
            self._title = text
        elif text and level == 0 and (style.startswith("list") or element.find(f".//{qn('w:numPr')}") is not None):
            self._items.append(f"{len(self._items) + 1}. {text}" if "number" in style else f"- {text}")
        elif text:
            self._end_list()
            self._blocks.append(Block(Paragraph(text), level))
        for box in boxes:
            self._blocks.append(Block(Paragraph(box)))

    def _end_list(self) -> None:
        if self._items:
            self._blocks.append(Block(Paragraph("\n".join(self._items))))
            self._items = []

    def _read_table(self, table: Any) -> None:
        """Adds the rows of a table. A table of one cell is a frame around a text."""
        self._end_list()
        is_frame = sum(1 for _ in table.iter(_CELL)) == 1
        rows = TableRows()
        for element in table.iter(_ROW, _PARAGRAPH):
            if element.tag == _ROW:
                rows.end_row()
                continue
            text, _ = self._text(element)
            if is_frame and text:
                self._blocks.append(Block(Paragraph(text)))
            else:
                rows.add_cell(Paragraph(text))
        self._blocks += map(Block, rows.paragraphs())

    def _text(self, paragraph: Any) -> tuple[str, list[str]]:
        """Returns the words of a paragraph, and those of the text boxes that hang on it."""
        words: list[str] = []
        boxes: list[str] = []
        stack = [*reversed(paragraph)]
        while stack:
            node = stack.pop()
            if node.tag == _TEXT:
                words.append(node.text or "")
            elif node.tag in _SPACES:
                words.append(" ")
            elif node.tag == qn("w:noBreakHyphen"):
                words.append("-")
            elif node.tag == _BOX:
                boxes += ["".join(each.text or "" for each in box.iter(_TEXT)) for box in node.iter(_PARAGRAPH)]
            elif node.tag == _FALLBACK:
                continue
            elif node.tag in _NO_TEXT:
                deleted = sum(len(each.text or "") for each in node.iter(qn("w:delText")))
                self._left_out["deleted text"] += deleted
            else:
                stack += reversed(node)
        return " ".join("".join(words).split()), [text for box in boxes if (text := " ".join(box.split()))]

    def _style(self, paragraph: Any) -> tuple[str, int]:
        """Returns the name of the style in small letters, and the level of the heading or 0."""
        style_id = paragraph.style
        if style_id not in self._levels:
            self._levels[style_id] = self._style_of(style_id)
        name, level = self._levels[style_id]
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        return name, level if own is None else _level(own)

    def _style_of(self, style_id: str | None) -> tuple[str, int]:
        styles = {each.style_id: each for each in self._document.styles}
        style: Any = styles.get(style_id or "")
        first_name = str(style.name or "").lower() if style is not None else ""
        for _ in range(_MOST_BASE_STYLES):
            if style is None:
                break
            name = str(style.name or "").lower()
            if name.startswith("heading ") and name[8:].isdecimal():
                return first_name, min(int(name[8:]), _DEEPEST_LEVEL)
            outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None:
                return first_name, _level(outline)
            style = style.base_style
        return first_name, 0

    def _count_parts(self) -> None:
        """Counts the notes, running heads and comments, which stand in parts of their own."""
        rels = self._document.part.rels.values()
        # A hostile file names one part thousands of times.
        parts = {
            each.target_part: reason
            for each in rels
            if not each.is_external and (reason := _PARTS.get(each.reltype.rpartition("/")[2]))
        }
        for part, reason in parts.items():
            self._left_out[reason] += _count_text(part.blob)


def _body_elements(body: Any) -> Iterator[Any]:
    """Yields paragraphs and tables in order, also from content controls and other frames around them."""
    stack = [*reversed(body)]
    while stack:
        node = stack.pop()
        if node.tag in {_PARAGRAPH, _TABLE}:
            yield node
        elif node.tag not in _NO_TEXT:
            stack += reversed(node)


def _level(outline: Any) -> int:
    """Returns 1 to 6; Word's level 9 is body text."""
    value = outline.get(qn("w:val"), "9")
    return int(value) + 1 if value.isdecimal() and int(value) < _DEEPEST_LEVEL else 0


def _count_text(blob: bytes) -> int:
    from docx.oxml.parser import parse_xml  # noqa: PLC0415 - it is this library's safe parser

    return sum(count_characters(each.text or "") for each in parse_xml(blob).iter(_TEXT))
