"""A book of MkDocs: an `mkdocs.yml` with a `nav`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from plccoach_api.corpus.readers.folder_outline.files import read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import MOST_ENTRIES, FolderOutline, OutlineEntry
from plccoach_api.corpus.readers.front_matter import front_matter, parse_yaml

_SETTINGS = ("mkdocs.yml", "mkdocs.yaml")


def read_mkdocs(folder: Path) -> FolderOutline | None:
    name = next((each for each in _SETTINGS if (folder / each).is_file()), None)
    fields = parse_yaml(read_beginning(folder, name)) if name else None
    if not isinstance(fields, Mapping) or not isinstance(fields.get("nav"), list):
        return None
    head = front_matter(
        {**fields, "title": fields.get("site_name"), "author": fields.get("site_author"), "subtitle": None}
    )
    docs = fields.get("docs_dir")
    entries = tuple(_entries(fields["nav"]))
    return FolderOutline(head, folder / (docs if isinstance(docs, str) else "docs"), entries) if entries else None


def _entries(nav: list[Any]) -> Iterator[OutlineEntry]:
    """A group of pages is a part, and its pages are chapters. Links to other sites are passed over."""
    stack: list[Any] = [*reversed(nav)]
    count = 0
    while stack and count < MOST_ENTRIES:
        node = stack.pop()
        count += 1
        for title, target in node.items() if isinstance(node, Mapping) else [(None, node)]:
            if isinstance(target, list):
                yield OutlineEntry(title, None)
                stack += reversed(target)
            elif isinstance(target, str) and "://" not in target:
                yield OutlineEntry(title, target)
