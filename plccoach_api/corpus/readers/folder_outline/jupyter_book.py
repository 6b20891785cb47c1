"""A book of Jupyter Book: a `_toc.yml`, and a `_config.yml` that names the book."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from plccoach_api.corpus.readers.folder_outline.files import read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import MOST_ENTRIES, FolderOutline, OutlineEntry
from plccoach_api.corpus.readers.front_matter import FrontMatter, front_matter, parse_yaml

_TOC, _CONFIG = "_toc.yml", "_config.yml"


def read_jupyter_book(folder: Path) -> FolderOutline | None:
    toc = parse_yaml(read_beginning(folder, _TOC))
    if not isinstance(toc, Mapping | list):
        return None
    config = parse_yaml(read_beginning(folder, _CONFIG))
    entries = tuple(_entries(toc))
    head = front_matter(config) if isinstance(config, Mapping) else FrontMatter()
    return FolderOutline(head, folder, entries) if entries else None


def _entries(toc: Any) -> Iterator[OutlineEntry]:
    """The numbers of chapters go on from part to part, where the outline asks for numbers."""
    stack: list[tuple[Any, bool, bool]] = [(toc, False, _is_numbered(toc))]
    count = number = 0
    while stack and count < MOST_ENTRIES:
        node, is_section, is_numbered = stack.pop()
        count += 1
        if isinstance(node, list):
            stack += [(each, is_section, is_numbered) for each in reversed(node)]
        if not isinstance(node, Mapping):
            continue
        is_numbered = is_numbered or _is_numbered(node)
        caption = node.get("caption") or node.get("part")
        file = node.get("file") or node.get("root")
        if isinstance(caption, str):
            yield OutlineEntry(caption, None)
        has_number = is_numbered and "file" in node and not is_section
        number += has_number
        if isinstance(file, str):
            title = node.get("title")
            yield OutlineEntry(
                title if isinstance(title, str) else None, file, number if has_number else None, is_section
            )
        has_root = "root" in node
        children = [
            (node.get(key), "file" in node, is_numbered) for key in ("parts", "chapters", "subtrees", "entries")
        ]
        stack += reversed([*children, (node.get("sections"), not has_root, is_numbered)])


def _is_numbered(node: Any) -> bool:
    if not isinstance(node, Mapping):
        return False
    options = (node, node.get("options"), node.get("defaults"))
    values = (str(each.get("numbered", "")).lower() for each in options if isinstance(each, Mapping))
    return any(value not in {"", "false", "no", "0"} for value in values)
