"""A book of Leanpub: a Book.txt that names the files of a manuscript, which are joined."""

from pathlib import Path

from plccoach_api.corpus.readers.folder_outline.files import has_file, read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import MOST_ENTRIES, FolderOutline, OutlineEntry
from plccoach_api.corpus.readers.front_matter import FrontMatter
from plccoach_api.corpus.readers.suffixes import MANUSCRIPT_SUFFIXES, has_suffix

_FOLDERS = ("", "manuscript")
_LIST = "Book.txt"
# Where the front matter, the chapters and the back matter begin.
_PLACES = frozenset({"frontmatter:", "mainmatter:", "backmatter:"})


def read_leanpub(folder: Path) -> FolderOutline | None:
    """Returns None for another Book.txt. Many programs write a file of this name."""
    for name in _FOLDERS:
        root = folder / name
        lines = map(str.strip, read_beginning(folder, f"{name}/{_LIST}".lstrip("/")).splitlines())
        names = [each for each in lines if each and each not in _PLACES and not each.startswith(("#", "{"))]
        are_files = all(has_suffix(Path(each), MANUSCRIPT_SUFFIXES) for each in names)
        files = [*dict.fromkeys(names)][:MOST_ENTRIES] if are_files else []
        if any(has_file(root, each) for each in files):
            entries = tuple(OutlineEntry(None, each, is_joined=True) for each in files)
            return FolderOutline(FrontMatter(), root, entries, MANUSCRIPT_SUFFIXES, is_markua=True)
    return None
