"""Reads the files of the chapters of a folder that is one book, and the files that these include."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from plccoach_api.corpus.book import LeftOut, UnreadableBook
from plccoach_api.corpus.readers.encoding import decode
from plccoach_api.corpus.readers.folder_outline.files import find_file
from plccoach_api.corpus.readers.folder_outline.outline import FolderOutline
from plccoach_api.corpus.readers.markdown.markua import without_markua
from plccoach_api.corpus.readers.suffixes import has_suffix, spellings

_MOST_BYTES = 50_000_000
_MOST_INCLUDED_BYTES = 50_000_000
_MOST_INCLUDED = 1_000
_DEEPEST = 3
# Quarto's short code on a line of its own, and the chunk of R Markdown that has the text of another file.
_INCLUDE = re.compile(
    r"\s{0,20}\{\{<\s{1,20}include\s{1,20}(?P<quarto>[^\s<>]{1,500})\s{0,20}>\}\}\s{0,20}"
    r"|`{3,20}\{r\b[^{}\n]{0,300}?\bchild\s?=\s?[\"'](?P<knitr>[^\"'\n]{1,300})[\"'][^{}\n]{0,300}\}\s{0,20}"
)


class ChapterFiles:
    """No file outside the book's folder is read, and what is included is bounded for all files together."""

    def __init__(self, outline: FolderOutline) -> None:
        # The characters of code, which notebooks have.
        self.code = 0
        self._root = outline.root.resolve()
        self._suffixes = outline.suffixes
        self._is_markua = outline.is_markua
        # The characters that the decoding of the chapters left out, by the reason and whether they are lost.
        self._undecoded: Counter[tuple[str, bool]] = Counter()
        self._included = 0
        self._included_bytes = 0
        self._not_included: Counter[str] = Counter()

    def read(self, name: str) -> str | None:
        """Returns None for a file that is missing, is in another format, or lies outside the book's folder."""
        path = self._find(self._root, name)
        text = self._text(path) if path else None
        if path is None or text is None:
            return None
        whole = "\n".join(self._with_included(text, path, 0))
        return without_markua(whole) if self._is_markua else whole

    def left_out(self) -> Iterator[LeftOut]:
        for (reason, is_lost), count in self._undecoded.items():
            yield LeftOut(reason, count, is_lost=is_lost)
        if self._not_included:
            names = ", ".join([*self._not_included][:3])
            yield LeftOut(f"included files that could not be read ({names})", self._not_included.total(), is_lost=True)

    def _find(self, folder: Path, name: str) -> Path | None:
        for spelling in spellings(name, self._suffixes):
            path = find_file(folder, spelling, self._root)
            if path and has_suffix(path, self._suffixes) and path.stat().st_size <= _MOST_BYTES:
                return path
        return None

    def _text(self, path: Path) -> str | None:
        try:
            decoded = decode(path.read_bytes())
            text = self._notebook_text(decoded.text) if has_suffix(path, (".ipynb",)) else decoded.text
        except (OSError, UnreadableBook, ValueError, RecursionError):
            return None
        for each in decoded.left_out:
            self._undecoded[each.reason, each.is_lost] += each.characters
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _with_included(self, text: str, path: Path, depth: int) -> Iterator[str]:
        for line in text.split("\n"):
            include = _INCLUDE.fullmatch(line) if "include" in line or "child" in line else None
            if include is None:
                yield line
                continue
            name = include["quarto"] or include["knitr"]
            found = self._find_included(path.parent, name) if depth < _DEEPEST else None
            included = self._text(found) if found else None
            if found is None or included is None:
                self._not_included[name] += len(name)
            else:
                yield from ("", *self._with_included(included, found, depth + 1), "")
            if include["knitr"]:
                yield line

    def _find_included(self, folder: Path, name: str) -> Path | None:
        """Returns None for what cannot be read, and beyond the bound."""
        self._included += 1
        if self._included > _MOST_INCLUDED:
            return None
        path = self._find(self._root if name.startswith("/") else folder, name.lstrip("/"))
        self._included_bytes += path.stat().st_size if path else 0
        return path if self._included_bytes <= _MOST_INCLUDED_BYTES else None

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
                self.code += len("".join(source.split()))
        return "\n\n".join(texts)


def _source(cell: Any) -> str:
    source = cell.get("source") if isinstance(cell, Mapping) else None
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")
