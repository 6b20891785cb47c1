"""Reads a PDF's outline, which many books use for their chapters."""

from collections.abc import Iterator, Mapping
from typing import Any

from pdfminer.pdfdocument import PDFDocument, PDFNoOutlines
from pdfminer.pdftypes import resolve1

# An action may hold a name, which leads to a destination. The limit stops circular references.
_MOST_REFERENCES = 4


def read_outline(document: PDFDocument, page_indexes: Mapping[Any, int]) -> dict[int, list[str]]:
    """Returns the titles of the chapters by the index of the page on which they begin.

    The chapters are the entries of the first level that has several entries: the level above may hold
    one entry for the whole book.
    """
    try:
        entries = [(level, title, dest or action) for level, title, dest, action, _ in document.get_outlines()]
    except PDFNoOutlines:
        return {}
    levels = [level for level, _, _ in entries]
    chapter_level = next((level for level in sorted(set(levels)) if levels.count(level) > 1), 1)
    titles: dict[int, list[str]] = {}
    for level, title, target in entries:
        page = _page_index(document, target, page_indexes)
        if level == chapter_level and page is not None and title.strip():
            titles.setdefault(page, []).append(" ".join(title.split()))
    return titles


def _page_index(document: PDFDocument, target: Any, page_indexes: Mapping[Any, int]) -> int | None:
    for value in _dereference(document, target):
        if isinstance(value, list) and value:
            return page_indexes.get(getattr(value[0], "objid", None))
    return None


def _dereference(document: PDFDocument, target: Any) -> Iterator[Any]:
    """Follows an entry's target, which is a destination (a list), the name of one, or an action that holds one."""
    for _ in range(_MOST_REFERENCES):
        target = resolve1(target)
        yield target
        if isinstance(target, dict):
            target = target.get("D")
        elif isinstance(target, bytes | str) or hasattr(target, "name"):
            name = getattr(target, "name", target)
            target = document.get_dest(name if isinstance(name, bytes) else str(name).encode())
        else:
            return
