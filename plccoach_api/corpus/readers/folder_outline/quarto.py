"""A book of Quarto: a `_quarto.yml` of the type `book`, with its chapters."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from plccoach_api.corpus.readers.folder_outline.files import is_off, read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import MOST_ENTRIES, FolderOutline, OutlineEntry
from plccoach_api.corpus.readers.front_matter import front_matter, parse_yaml
from plccoach_api.corpus.readers.suffixes import CHAPTER_SUFFIXES, has_suffix

_SETTINGS = ("_quarto.yml", "_quarto.yaml")


def read_quarto(folder: Path) -> FolderOutline | None:
    settings = _mapping(parse_yaml(next(filter(None, (read_beginning(folder, each) for each in _SETTINGS)), "")))
    book = _mapping(settings.get("book"))
    if _mapping(settings.get("project")).get("type") != "book" or not isinstance(book.get("chapters"), list):
        return None
    chapters = _entries(book["chapters"], is_counted=_is_counted(settings))
    entries = _unique([*chapters, *_entries(book.get("appendices"), is_counted=False)])
    # The home page is the first one, wherever it stands, and has no number.
    pages = [replace(each, is_counted=False) for each in entries if _is_home(each)]
    rest = [each for each in entries if not _is_home(each)]
    head = front_matter({**settings, **book})
    return FolderOutline(head, folder, (*pages, *rest)) if any(each.file for each in entries) else None


def _entries(chapters: Any, *, is_counted: bool) -> Iterator[OutlineEntry]:
    """Yields the chapters. A part is a title or a page without a number, and links to other sites are passed over."""
    stack: list[Any] = [chapters]
    count = 0
    while stack and count < MOST_ENTRIES:
        node = stack.pop()
        count += 1
        if isinstance(node, list):
            stack += reversed(node[:MOST_ENTRIES])
        elif isinstance(node, str):
            yield from _page(None, node, is_counted=is_counted)
        elif isinstance(node, Mapping):
            title = node.get("text") or node.get("title")
            page = node.get("file") or node.get("href")
            part = node.get("part") or node.get("section")
            if isinstance(part, str):
                is_page = has_suffix(Path(part), CHAPTER_SUFFIXES)
                yield from _page(None, part, is_counted=False) if is_page else [OutlineEntry(part, None)]
            if isinstance(page, str):
                yield from _page(title if isinstance(title, str) else None, page, is_counted=is_counted)
            stack += [node.get("contents"), node.get("chapters")]


def _page(title: str | None, file: str, *, is_counted: bool) -> Iterator[OutlineEntry]:
    if "://" not in file:
        yield OutlineEntry(title, file.lstrip("/"), is_counted=is_counted)


def _unique(entries: list[OutlineEntry]) -> list[OutlineEntry]:
    seen: dict[object, OutlineEntry] = {}
    for at, each in enumerate(entries):
        seen.setdefault(each.file or at, each)
    return [*seen.values()]


def _is_home(entry: OutlineEntry) -> bool:
    return entry.file is not None and entry.file.partition(".")[0] == "index"


def _is_counted(settings: Mapping[str, Any]) -> bool:
    """Returns False where the book, or one of its formats, asks for headings without numbers."""
    formats = _mapping(settings.get("format")).values()
    return not any(is_off(_mapping(each).get("number-sections")) for each in (settings, *formats))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
