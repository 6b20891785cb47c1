"""Reads the files that describe a folder."""

from pathlib import Path
from typing import Any

from plccoach_api.corpus.readers.encoding import decode

_MOST_BYTES = 256_000
_NO = frozenset({"false", "no", "off"})


def has_file(folder: Path, name: str) -> bool:
    """Returns False for a file outside the folder."""
    path = folder / name
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def read_beginning(folder: Path, name: str) -> str:
    """Returns the beginning of a file in the folder. Nothing bounds this process, so it reads only so much."""
    if not has_file(folder, name):
        return ""
    with (folder / name).open("rb") as file:
        return decode(file.read(_MOST_BYTES)).text


def is_off(setting: Any) -> bool:
    """Returns True for the value of a YAML file that turns something off."""
    return str(setting).lower() in _NO
