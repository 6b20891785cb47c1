"""The chapters of a folder that is one book, in their order."""

from dataclasses import dataclass
from pathlib import Path

from plccoach_api.corpus.readers.front_matter import FrontMatter
from plccoach_api.corpus.readers.suffixes import CHAPTER_SUFFIXES

MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A part has no file. A section belongs to the chapter before it. A title of None is in the file.

    A counted chapter has the next number, unless its heading says that it has none. The headings of the first level of
    a joined file begin chapters, and the text above them goes on with the chapter before.
    """

    title: str | None
    file: str | None
    number: int | None = None
    is_section: bool = False
    is_counted: bool = False
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class FolderOutline:
    """`root` is the folder that the files of the entries are named from."""

    head: FrontMatter
    root: Path
    entries: tuple[OutlineEntry, ...]
    suffixes: tuple[str, ...] = CHAPTER_SUFFIXES
    is_markua: bool = False
