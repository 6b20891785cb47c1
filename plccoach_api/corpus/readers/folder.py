"""Reads a folder of Markdown files that is one book. Its outline gives the chapters and their order."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from plccoach_api.corpus.book import LeftOut, Paragraph, UnreadableBook
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.encoding import decode
from plccoach_api.corpus.readers.folder_outline.outline import OutlineEntry
from plccoach_api.corpus.readers.folder_outline.reader import read_outline
from plccoach_api.corpus.readers.headings import parse_outline_entry
from plccoach_api.corpus.readers.levelled_blocks import LevelledBlock, add_blocks
from plccoach_api.corpus.readers.markdown.reader import read_document
from plccoach_api.corpus.readers.parsed_book import ParsedBook, list_left_out
from plccoach_api.corpus.readers.suffixes import CHAPTER_SUFFIXES, has_suffix, spellings

_MOST_BYTES = 50_000_000
# The size of a chapter that cannot be read, when no other chapter shows how long they are.
_SUPPOSED_CHARACTERS = 5_000


def read(folder: Path) -> ParsedBook:
    """Raises UnreadableBook for a folder that is not one book."""
    outline = read_outline(folder)
    if outline is None:
        raise UnreadableBook(
            "it is a folder without a book.toml, a SUMMARY.md, a _toc.yml, an mkdocs.yml or toctrees of Sphinx that "
            "list its chapters"
        )
    reader = _FolderReader(outline.root)
    for entry in outline.entries:
        reader.read(entry)
    return ParsedBook(
        outline.head.title or reader.title,
        outline.head.authors,
        outline.head.year,
        reader.builder.chapters(),
        outline.head.edition,
        reader.left_out(),
    )


class _FolderReader:
    def __init__(self, root: Path) -> None:
        self.builder = ChapterBuilder()
        self.title: str | None = None
        self._root = root.resolve()
        self._left_out: Counter[str] = Counter()
        # The characters that the decoding of the chapters left out, by the reason and whether they are lost.
        self._undecoded: Counter[tuple[str, bool]] = Counter()
        self._unread: list[str] = []
        self._characters: list[int] = []

    def read(self, entry: OutlineEntry) -> None:
        """Adds a part, a chapter, or a section of the chapter before it."""
        if entry.file is None:
            self.builder.open(None, entry.title or "")
            return
        text = self._text(entry.file)
        if text is None:
            self._unread.append(entry.file)
            return
        head, blocks, left_out = read_document(text)
        self._left_out.update(left_out)
        self._characters.append(len(text))
        title_at = next((at for at, block in enumerate(blocks) if block.level), None)
        if title_at is not None and blocks[title_at].level > 1:
            title_at = None
        own_title = head.title or (blocks[title_at].paragraph.text if title_at is not None else None)
        self.title = self.title or own_title
        self._add(entry, entry.title or own_title or Path(entry.file).stem, blocks, title_at)

    def left_out(self) -> tuple[LeftOut, ...]:
        for each in self.builder.left_out():
            self._left_out[each.reason] += each.characters
        undecoded = (LeftOut(reason, count, is_lost=lost) for (reason, lost), count in self._undecoded.items())
        left_out = (*undecoded, *list_left_out(self._left_out))
        if not self._unread:
            return left_out
        mean = sum(self._characters) // len(self._characters) if self._characters else _SUPPOSED_CHARACTERS
        names = ", ".join(self._unread[:3]) + (", ..." if len(self._unread) > 3 else "")  # noqa: PLR2004 - enough to see why
        return (
            *left_out,
            LeftOut(f"chapters that could not be read ({names})", mean * len(self._unread), is_lost=True),
        )

    def _add(self, entry: OutlineEntry, title: str, blocks: Sequence[LevelledBlock], title_at: int | None) -> None:
        deeper = 0
        if entry.is_section and not self.builder.is_empty:
            self.builder.append(Paragraph(f"### {title}"))
            deeper = 1
        else:
            number, plain = parse_outline_entry(title) if entry.number is None else (entry.number, title)
            self.builder.open(number, plain)
        sections = [replace(each, level=max(2, each.level) + deeper) if each.level else each for each in blocks]
        add_blocks(self.builder, sections, title_at, 1)

    def _text(self, name: str) -> str | None:
        """Returns None for a file that is missing, is in another format, or lies outside the book's folder."""
        for spelling in spellings(name, CHAPTER_SUFFIXES):
            path = (self._root / spelling).resolve()
            is_inside = path.is_relative_to(self._root) and has_suffix(path, CHAPTER_SUFFIXES)
            if not is_inside or not path.is_file() or path.stat().st_size > _MOST_BYTES:
                continue
            try:
                decoded = decode(path.read_bytes())
                text = self._notebook_text(decoded.text) if path.suffix.lower() == ".ipynb" else decoded.text
            except (OSError, UnreadableBook, ValueError, RecursionError):
                return None
            for each in decoded.left_out:
                self._undecoded[each.reason, each.is_lost] += each.characters
            return text
        return None

    def _notebook_text(self, text: str) -> str:
        """Returns the Markdown of a Jupyter notebook. Its code is left out."""
        notebook = json.loads(text)
        cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
        texts = []
        for cell in cells if isinstance(cells, list) else []:
            source = _source(cell)
            if isinstance(cell, Mapping) and cell.get("cell_type") == "markdown":
                texts.append(source)
            else:
                self._left_out["code"] += len("".join(source.split()))
        return "\n\n".join(texts)


def _source(cell: Any) -> str:
    source = cell.get("source") if isinstance(cell, Mapping) else None
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")
