"""Finds the files of a folder that is one book, and reads those that describe it."""

from pathlib import Path
from typing import Any

from plccoach_api.corpus.readers.encoding import decode

_MOST_BYTES = 256_000
_NO = frozenset({"false", "no", "off"})


def find_file(folder: Path, name: str, root: Path) -> Path | None:
    """Returns None for a file that is missing or outside of `root`, and for a name that no file can have."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        return None


def has_file(folder: Path, name: str) -> bool:
    """Returns False for a file outside the folder."""
    return find_file(folder, name, folder.resolve()) is not None


def read_beginning(folder: Path, name: str) -> str:
    """Returns the beginning of a file in the folder. Nothing bounds this process, so it reads only so much."""
    path = find_file(folder, name, folder.resolve())
    if path is None:
        return ""
    with path.open("rb") as file:
        return decode(file.read(_MOST_BYTES)).text


def is_off(setting: Any) -> bool:
    """Returns True for the value of a YAML file that turns something off."""
    return str(setting).lower() in _NO
