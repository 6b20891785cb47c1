"""Finds the outline of a folder that is one book."""

import os
from pathlib import Path

from plccoach_api.corpus.readers.folder_outline.bookdown import read_bookdown
from plccoach_api.corpus.readers.folder_outline.gitbook import read_gitbook
from plccoach_api.corpus.readers.folder_outline.jupyter_book import read_jupyter_book
from plccoach_api.corpus.readers.folder_outline.leanpub import read_leanpub
from plccoach_api.corpus.readers.folder_outline.mdbook import read_mdbook
from plccoach_api.corpus.readers.folder_outline.mkdocs import read_mkdocs
from plccoach_api.corpus.readers.folder_outline.outline import FolderOutline
from plccoach_api.corpus.readers.folder_outline.quarto import read_quarto
from plccoach_api.corpus.readers.folder_outline.sphinx import read_sphinx

# A SUMMARY.md also belongs to a folder of mdBook, so GitBook comes after it. The manuscript of Leanpub may be what
# bookdown wrote.
_KINDS = (
    read_mdbook,
    read_quarto,
    read_bookdown,
    read_jupyter_book,
    read_mkdocs,
    read_gitbook,
    read_leanpub,
    read_sphinx,
)


def is_folder(path: Path) -> bool:
    """Returns False for a path that cannot be looked at, such as one in a folder without rights."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises an error for such a path


def is_book_folder(path: Path) -> bool:
    """Returns True for a folder whose files are the chapters of one book."""
    return is_folder(path) and read_outline(path) is not None


def read_outline(folder: Path) -> FolderOutline | None:
    """Returns None for a folder that is not one book."""
    try:
        outline = next((found for read_kind in _KINDS if (found := read_kind(folder))), None)
        # Neither a setting nor a link makes a file outside the folder a part of the book.
        return outline if outline and outline.root.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError, ValueError):
        return None
