"""A book of Sphinx with MyST: a `conf.py`, and an `index.md` with toctrees."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from plccoach_api.corpus.readers.folder_outline.files import read_beginning
from plccoach_api.corpus.readers.folder_outline.outline import FolderOutline, OutlineEntry
from plccoach_api.corpus.readers.front_matter import front_matter

_SETTINGS, _ROOT = "conf.py", "index"
_FIELD = re.compile(r"(?P<key>project|author)\s*=\s*(?P<quote>[\"'])(?P<value>[^\"'\n]{1,300})(?P=quote)")
_TOCTREE = re.compile(r"(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*\{toctree\}")
_CAPTION = re.compile(r":?caption:\s*(?P<title>\S.*)")
_NAMED = re.compile(r"(?P<title>[^<>]*)<(?P<file>[^<>]+)>")


def read_sphinx(folder: Path) -> FolderOutline | None:
    """Reads the toctrees of an index.md beside a conf.py, which is not run."""
    settings = read_beginning(folder, _SETTINGS)
    entries = tuple(_toctree_entries(folder)) if settings else ()
    if not entries:
        return None
    fields = {match["key"]: match["value"] for line in settings.splitlines() if (match := _FIELD.match(line))}
    head = front_matter({"title": fields.get("project"), "author": fields.get("author")})
    return FolderOutline(head, folder, (OutlineEntry(None, _ROOT), *entries))


def _toctree_entries(folder: Path) -> Iterator[OutlineEntry]:
    """Yields the files of the toctrees. Those in a chapter's own toctree are its sections."""
    seen = {_ROOT}
    for entry in _listed_files(folder, _ROOT):
        if entry.file in seen:
            continue
        yield entry
        for section in _listed_files(folder, entry.file) if entry.file else ():
            if section.file and section.file not in seen:
                yield replace(section, is_section=True)
                seen.add(section.file)
        seen.add(entry.file or "")


def _listed_files(folder: Path, name: str) -> Iterator[OutlineEntry]:
    place = Path(name).parent
    for line in _toctree_lines(read_beginning(folder, f"{name.removesuffix('.md')}.md")):
        if caption := _CAPTION.fullmatch(line):
            yield OutlineEntry(caption["title"], None)
        named = _NAMED.fullmatch(line)
        file = named["file"] if named else line
        if file and not file.startswith((":", "-", "#")) and not {"*", ":"} & {*file} and file != "self":
            path = file.lstrip("/") if file.startswith("/") else (place / file).as_posix()
            yield OutlineEntry(named["title"].strip() if named else None, path)


def _toctree_lines(text: str) -> Iterator[str]:
    fence = ""
    for line in map(str.strip, text.splitlines()):
        if fence and line == fence:
            fence = ""
        elif fence:
            yield line
        elif opening := _TOCTREE.match(line):
            fence = opening["fence"]
