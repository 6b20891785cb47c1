"""A book of bookdown: a `_bookdown.yml`, and files of R Markdown that are joined in the order of their names."""

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from plccoach_api.corpus.readers.folder_outline.files import has_file, is_off, read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import MOST_ENTRIES, FolderOutline, OutlineEntry
from plccoach_api.corpus.readers.front_matter import FrontMatter, parse_yaml, read_front_matter

_SETTINGS, _OUTPUT = "_bookdown.yml", ("_output.yml", "_output.yaml")
_INDEX = "index"
_SUFFIX = ".rmd"


def read_bookdown(folder: Path) -> FolderOutline | None:
    if not has_file(folder, _SETTINGS):
        return None
    settings = parse_yaml(read_beginning(folder, _SETTINGS))
    fields = settings if isinstance(settings, Mapping) else {}
    is_counted = _is_counted(folder)
    files = dict.fromkeys(islice(_files(folder, fields), MOST_ENTRIES))
    # The index is the first file, wherever it stands.
    ordered = sorted(files, key=lambda file: file.partition(".")[0] != _INDEX)
    entries = tuple(OutlineEntry(None, file, is_counted=is_counted, is_joined=True) for file in ordered)
    is_there = any(has_file(folder, each) for each in ordered)
    return FolderOutline(_head(folder, ordered), folder, entries) if is_there else None


def _head(folder: Path, files: list[str]) -> FrontMatter:
    return read_front_matter(read_beginning(folder, files[0])) if files else FrontMatter()


def _files(folder: Path, fields: Mapping[str, Any]) -> Iterator[str]:
    named = _listed(fields.get("rmd_files"))
    folders = fields.get("rmd_subdir")
    if named or not folders:
        yield from named or _files_in(folder, "", is_deep=False)
    if folders and not is_off(folders):
        if not named and isinstance(folders, list):
            yield from _files_in(folder, "", is_deep=False)
        for each in map(str, folders) if isinstance(folders, list) else [""]:
            yield from _files_in(folder, each, is_deep=True)


def _listed(files: Any) -> list[str]:
    """Returns the files of a list. Where each format has a list, it is that of HTML, or else the first one."""
    if isinstance(files, Mapping):
        files = next((each for key, each in files.items() if "html" in str(key)), next(iter(files.values()), None))
    if isinstance(files, str):
        files = [files]
    return [each.removeprefix("./") for each in files if isinstance(each, str)] if isinstance(files, list) else []


def _files_in(folder: Path, name: str, *, is_deep: bool) -> Iterator[str]:
    """Yields the files in the order of their names. One whose name begins with `_` is no chapter."""
    root = folder / name
    if not root.resolve().is_relative_to(folder.resolve()):
        return
    found: list[str] = []
    for place, folders, files in islice(os.walk(root), MOST_ENTRIES):
        folders[:] = [each for each in folders if is_deep and not each.startswith((".", "_"))]
        here = Path(place).relative_to(folder)
        named = (each for each in files if not each.startswith(("_", ".")) and each.lower().endswith(_SUFFIX))
        found += islice(((here / each).as_posix() for each in named), MOST_ENTRIES - len(found))
    yield from sorted(found)


def _is_counted(folder: Path) -> bool:
    """Returns False where a format asks for headings without numbers."""
    for name in _OUTPUT:
        formats = parse_yaml(read_beginning(folder, name))
        for each in formats.values() if isinstance(formats, Mapping) else ():
            if isinstance(each, Mapping) and is_off(each.get("number_sections")):
                return False
    return True
