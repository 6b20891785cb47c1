"""Finds the books in the files and folders that a person named.

A folder may come from somebody else, and a link in it may lead to any file of this machine. So a link out of the folder
is refused. A file that is named itself is read, also if it is a link.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder, is_folder
from plccoach_api.corpus.readers.read import SUFFIXES
from plccoach_api.corpus.report import Report


class Found(NamedTuple):
    """The books, and a report for each link that leads out of its folder and each folder that cannot be read."""

    books: list[Path]
    refused: list[Report]


class _Candidate(NamedTuple):
    path: Path
    refusal: str | None = None


def find(paths: Iterable[Path]) -> Found:
    """Finds the files as they were named, and in each folder its books: files, and folders that are one book.

    A folder without any book is one of the books itself, so that the report has a line about it.
    """
    candidates = list(dict.fromkeys(_find(paths)))
    books = [each.path for each in candidates if each.refusal is None]
    return Found(books, [Report.failed(each.path, each.refusal) for each in candidates if each.refusal])


def _find(paths: Iterable[Path]) -> Iterator[_Candidate]:
    for path in paths:
        if is_folder(path):
            yield from sorted(_find_in_folder(path)) or [_Candidate(path)]
        else:
            yield _Candidate(path)


def _find_in_folder(folder: Path) -> Iterator[_Candidate]:
    unreadable: list[OSError] = []
    for name, folders, files in os.walk(folder, onerror=unreadable.append):
        root = Path(name)
        if is_book_folder(root):
            # Its files are chapters, not books.
            folders.clear()
            yield _Candidate(root)
            continue
        folders[:] = (each for each in folders if not each.startswith("."))
        # A link to a folder is not followed. One that leads into the folder would find the same books again.
        links = (root / each for each in folders if (root / each).is_symlink())
        yield from (_Candidate(each, refusal) for each in links if (refusal := _refusal(each, folder)))
        named = (root / each for each in files if not each.startswith("."))
        yield from (_Candidate(each, _refusal(each, folder)) for each in named if each.suffix.lower() in SUFFIXES)
    for error in unreadable:
        yield _Candidate(Path(str(error.filename)), f"it cannot be read: {error.strerror}")


def _refusal(path: Path, folder: Path) -> str | None:
    # Not Path.resolve(), which raises for a link that leads to itself up to Python 3.12 only.
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        return "it is a link that leads to itself"
    is_inside = target.is_relative_to(folder.resolve())
    kind = "folder" if path.is_dir() else "file"
    return None if is_inside else f"it is a link out of its folder; name the {kind} itself to load it"
