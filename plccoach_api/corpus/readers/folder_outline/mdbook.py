"""A book of mdBook: a `book.toml` with the table `[book]`, and a SUMMARY.md."""

from collections.abc import Mapping
from pathlib import Path

from plccoach_api.corpus.readers.folder_outline.files import read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import FolderOutline
from plccoach_api.corpus.readers.folder_outline.summary import summary_entries
from plccoach_api.corpus.readers.front_matter import front_matter, parse_toml

_SETTINGS = "book.toml"


def read_mdbook(folder: Path) -> FolderOutline | None:
    fields = parse_toml(read_beginning(folder, _SETTINGS)).get("book")
    if not isinstance(fields, Mapping):
        return None
    source = str(fields.get("src") or "src")
    entries = tuple(summary_entries(read_beginning(folder, f"{source}/SUMMARY.md")))
    return FolderOutline(front_matter(fields), folder / source, entries) if entries else None
