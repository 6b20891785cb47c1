"""Reads a folder of Markdown files that is one book. Its outline gives the chapters and their order."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from plccoach_api.corpus.book import LeftOut, Paragraph, UnreadableBook
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.chapter_files import ChapterFiles
from plccoach_api.corpus.readers.folder_outline.outline import FolderOutline, OutlineEntry
from plccoach_api.corpus.readers.folder_outline.reader import read_outline
from plccoach_api.corpus.readers.headings import parse_outline_entry
from plccoach_api.corpus.readers.levelled_blocks import LevelledBlock, add_blocks
from plccoach_api.corpus.readers.markdown.reader import read_document
from plccoach_api.corpus.readers.page_lists import plain_words
from plccoach_api.corpus.readers.parsed_book import ParsedBook, list_left_out

# bookdown's `# (PART) Norms {-}` and `# (APPENDIX) Appendix {-}`, with or without a star.
_MARKED = re.compile(r"\((?P<kind>PART|APPENDIX)\\?\*?\)\s*(?P<title>.*)")
# The size of a chapter that cannot be read, when no other chapter shows how long they are.
_SUPPOSED_CHARACTERS = 5_000


def read(folder: Path) -> ParsedBook:
    """Raises UnreadableBook for a folder that is not one book."""
    outline = read_outline(folder)
    if outline is None:
        raise UnreadableBook(
            "it is a folder without a book.toml, a SUMMARY.md, a _toc.yml, an mkdocs.yml, a _quarto.yml, a "
            "_bookdown.yml, a Book.txt or toctrees of Sphinx that list its chapters"
        )
    reader = _FolderReader(outline)
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
    def __init__(self, outline: FolderOutline) -> None:
        self.builder = ChapterBuilder()
        self.title: str | None = None
        self._files = ChapterFiles(outline)
        self._left_out: Counter[str] = Counter()
        self._unread: list[str] = []
        self._characters: list[int] = []
        self._number = 0
        self._is_appendix = False

    def read(self, entry: OutlineEntry) -> None:
        """Adds a part, a chapter, or a section of the chapter before it."""
        if entry.file is None:
            self.builder.open(None, entry.title or "")
            return
        text = self._files.read(entry.file)
        if text is None:
            self._unread.append(entry.file)
            return
        head, blocks, left_out = read_document(text)
        self._left_out.update(left_out)
        self._characters.append(len(text))
        if entry.is_joined:
            self._add_joined(blocks, is_counted=entry.is_counted)
            return
        title_at = next((at for at, block in enumerate(blocks) if block.level), None)
        if title_at is not None and blocks[title_at].level > 1:
            title_at = None
        heading = None if title_at is None else blocks[title_at].paragraph.text
        if heading and head.title and not entry.title and plain_words(heading) != plain_words(head.title):
            # The front matter has the title, so the heading is that of the first section.
            title_at = None
        own_title = head.title or heading
        self.title = self.title or own_title
        is_numbered = title_at is None or blocks[title_at].is_numbered
        counted = replace(entry, is_counted=entry.is_counted and is_numbered)
        self._add(counted, entry.title or own_title or Path(entry.file).stem, blocks, title_at)

    def left_out(self) -> tuple[LeftOut, ...]:
        self._left_out["code"] += self._files.code
        for each in self.builder.left_out():
            self._left_out[each.reason] += each.characters
        left_out = (*self._files.left_out(), *list_left_out(self._left_out))
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
            self._open(number, plain, is_counted=entry.is_counted)
        sections = [replace(each, level=max(2, each.level) + deeper) if each.level else each for each in blocks]
        add_blocks(self.builder, sections, title_at, 1)

    def _add_joined(self, blocks: Sequence[LevelledBlock], *, is_counted: bool) -> None:
        """Adds the chapters of a file. What stands above the first of them goes on with the chapter before."""
        starts = [at for at, block in enumerate(blocks) if block.level == 1]
        add_blocks(self.builder, blocks[: starts[0]] if starts else blocks, None, 1)
        for start, end in pairwise([*starts, len(blocks)]):
            text = blocks[start].paragraph.text
            if marked := _MARKED.fullmatch(text):
                self._is_appendix = self._is_appendix or marked["kind"] == "APPENDIX"
                self._open(None, marked["title"], is_counted=False)
            else:
                is_numbered = is_counted and blocks[start].is_numbered and not self._is_appendix
                self._open(*parse_outline_entry(text), is_counted=is_numbered)
            add_blocks(self.builder, blocks[start + 1 : end], None, 1)

    def _open(self, number: int | None, title: str, *, is_counted: bool) -> None:
        """Begins a chapter. Its own number has priority over the count."""
        self._number += is_counted
        self.builder.open(self._number if is_counted and number is None else number, title)
