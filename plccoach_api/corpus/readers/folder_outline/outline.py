"""The chapters of a folder that is one book, in their order."""

from dataclasses import dataclass
from pathlib import Path

from plccoach_api.corpus.readers.front_matter import FrontMatter

MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A part has no file. A section belongs to the chapter before it. A title of None is in the file."""

    title: str | None
    file: str | None
    number: int | None = None
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class FolderOutline:
    """`root` is the folder that the files of the entries are named from."""

    head: FrontMatter
    root: Path
    entries: tuple[OutlineEntry, ...]
