"""Reads the files that describe a folder."""

from pathlib import Path

from plccoach_api.corpus.readers.encoding import decode

_MOST_BYTES = 256_000


def read_beginning(folder: Path, name: str) -> str:
    """Returns the beginning of a file in the folder. Nothing bounds this process, so it reads only so much."""
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return ""
    with path.open("rb") as file:
        return decode(file.read(_MOST_BYTES)).text
