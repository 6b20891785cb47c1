"""A book of GitBook: a SUMMARY.md alone."""

from dataclasses import replace
from pathlib import Path

from plccoach_api.corpus.readers.folder_outline.files import read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import FolderOutline
from plccoach_api.corpus.readers.folder_outline.summary import summary_entries
from plccoach_api.corpus.readers.front_matter import read_front_matter


def read_gitbook(folder: Path) -> FolderOutline | None:
    """Reads a SUMMARY.md alone. Its chapters have the numbers of their titles; book.json may name the book."""
    head = read_front_matter(read_beginning(folder, "book.json"))
    entries = (replace(each, number=None) for each in summary_entries(read_beginning(folder, "SUMMARY.md")))
    chapters = tuple(each for each in entries if each.file is None or "://" not in each.file)
    return FolderOutline(head, folder, chapters) if any(each.file for each in chapters) else None
