"""The outline of a folder that is one book.

It is the SUMMARY.md of mdBook or GitBook, Jupyter Book's _toc.yml, MkDocs' nav, or the toctrees of Sphinx.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from plccoach_api.corpus.readers.encoding import decode
from plccoach_api.corpus.readers.front_matter import (
    FrontMatter,
    front_matter,
    parse_toml,
    parse_yaml,
    read_front_matter,
)
from plccoach_api.corpus.readers.headings import is_page_list

_MDBOOK, _JUPYTER_TOC, _JUPYTER_CONFIG = "book.toml", "_toc.yml", "_config.yml"
_SPHINX, _SPHINX_ROOT = "conf.py", "index"
_SPHINX_FIELD = re.compile(r"(?P<key>project|author)\s*=\s*(?P<quote>[\"'])(?P<value>[^\"'\n]{1,300})(?P=quote)")
_TOCTREE = re.compile(r"(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*\{toctree\}")
_CAPTION = re.compile(r":?caption:\s*(?P<title>\S.*)")
_NAMED = re.compile(r"(?P<title>[^<>]*)<(?P<file>[^<>]+)>")
_MKDOCS = ("mkdocs.yml", "mkdocs.yaml")
_LINK = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>[-*+][ \t]+)?\[(?P<title>[^\]\n]{0,500})\]\((?P<target>[^)\n]{0,500})\)\s*"
)
_PART = re.compile(r"#{1,2}[ \t]+(?P<title>\S.*)")
_MOST_ENTRIES = 10_000
_MOST_BYTES = 256_000


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A part has no file. A section belongs to the chapter before it. A title of None is in the file."""

    title: str | None
    file: str | None
    number: int | None = None
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class FolderOutline:
    """`root` is the folder that the files of the entries are named from."""

    head: FrontMatter
    root: Path
    entries: tuple[OutlineEntry, ...]


def is_folder(path: Path) -> bool:
    """Returns False for a path that cannot be looked at, such as one in a folder without rights."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises an error for such a path


def is_book_folder(path: Path) -> bool:
    """Returns True for a folder whose files are the chapters of one book."""
    return is_folder(path) and read_outline(path) is not None


def read_outline(folder: Path) -> FolderOutline | None:
    """Returns None for a folder that is not one book."""
    try:
        outline = _mdbook(folder) or _jupyter_book(folder) or _mkdocs(folder) or _gitbook(folder) or _sphinx(folder)
        # Neither a setting nor a link makes a file outside the folder a part of the book.
        return outline if outline and outline.root.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):
        return None


def _mdbook(folder: Path) -> FolderOutline | None:
    fields = parse_toml(_read(folder, _MDBOOK)).get("book")
    if not isinstance(fields, Mapping):
        return None
    source = str(fields.get("src") or "src")
    entries = tuple(_summary_entries(_read(folder, f"{source}/SUMMARY.md")))
    return FolderOutline(front_matter(fields), folder / source, entries) if entries else None


def _summary_entries(text: str) -> Iterator[OutlineEntry]:
    """Chapters of the list are numbered. Those before and after it are not, and a draft has no file."""
    number = 0
    least_indent: int | None = None
    for at, line in enumerate(text.splitlines()):
        if part := _PART.fullmatch(line):
            if at and not is_page_list(part["title"]) and part["title"].strip().lower() != "summary":
                yield OutlineEntry(part["title"].strip(), None)
            continue
        link = _LINK.fullmatch(line)
        if link is None:
            continue
        indent = len(link["indent"].expandtabs(4))
        if link["mark"] and least_indent is None:
            least_indent = indent
        is_section = bool(link["mark"]) and indent > (least_indent or 0)
        is_numbered = bool(link["mark"]) and not is_section
        number += is_numbered
        file = unquote(link["target"].strip("<> ").partition("#")[0])
        if file:
            yield OutlineEntry(_plain(link["title"]), file, number if is_numbered else None, is_section)


def _gitbook(folder: Path) -> FolderOutline | None:
    """Reads a SUMMARY.md alone. Its chapters have the numbers of their titles; book.json may name the book."""
    head = read_front_matter(_read(folder, "book.json"))
    entries = (replace(each, number=None) for each in _summary_entries(_read(folder, "SUMMARY.md")))
    chapters = tuple(each for each in entries if each.file is None or "://" not in each.file)
    return FolderOutline(head, folder, chapters) if any(each.file for each in chapters) else None


def _jupyter_book(folder: Path) -> FolderOutline | None:
    toc = parse_yaml(_read(folder, _JUPYTER_TOC))
    if not isinstance(toc, Mapping | list):
        return None
    config = parse_yaml(_read(folder, _JUPYTER_CONFIG))
    entries = tuple(_jupyter_entries(toc))
    head = front_matter(config) if isinstance(config, Mapping) else FrontMatter()
    return FolderOutline(head, folder, entries) if entries else None


def _jupyter_entries(toc: Any) -> Iterator[OutlineEntry]:
    """The numbers of chapters go on from part to part, where the outline asks for numbers."""
    stack: list[tuple[Any, bool, bool]] = [(toc, False, _is_numbered(toc))]
    count = number = 0
    while stack and count < _MOST_ENTRIES:
        node, is_section, is_numbered = stack.pop()
        count += 1
        if isinstance(node, list):
            stack += [(each, is_section, is_numbered) for each in reversed(node)]
        if not isinstance(node, Mapping):
            continue
        is_numbered = is_numbered or _is_numbered(node)
        caption = node.get("caption") or node.get("part")
        file = node.get("file") or node.get("root")
        if isinstance(caption, str):
            yield OutlineEntry(caption, None)
        has_number = is_numbered and "file" in node and not is_section
        number += has_number
        if isinstance(file, str):
            title = node.get("title")
            yield OutlineEntry(
                title if isinstance(title, str) else None, file, number if has_number else None, is_section
            )
        has_root = "root" in node
        children = [
            (node.get(key), "file" in node, is_numbered) for key in ("parts", "chapters", "subtrees", "entries")
        ]
        stack += reversed([*children, (node.get("sections"), not has_root, is_numbered)])


def _is_numbered(node: Any) -> bool:
    if not isinstance(node, Mapping):
        return False
    options = (node, node.get("options"), node.get("defaults"))
    values = (str(each.get("numbered", "")).lower() for each in options if isinstance(each, Mapping))
    return any(value not in {"", "false", "no", "0"} for value in values)


def _mkdocs(folder: Path) -> FolderOutline | None:
    name = next((each for each in _MKDOCS if (folder / each).is_file()), None)
    fields = parse_yaml(_read(folder, name)) if name else None
    if not isinstance(fields, Mapping) or not isinstance(fields.get("nav"), list):
        return None
    head = front_matter(
        {**fields, "title": fields.get("site_name"), "author": fields.get("site_author"), "subtitle": None}
    )
    docs = fields.get("docs_dir")
    entries = tuple(_mkdocs_entries(fields["nav"]))
    return FolderOutline(head, folder / (docs if isinstance(docs, str) else "docs"), entries) if entries else None


def _mkdocs_entries(nav: list[Any]) -> Iterator[OutlineEntry]:
    """A group of pages is a part, and its pages are chapters. Links to other sites are passed over."""
    stack: list[Any] = [*reversed(nav)]
    count = 0
    while stack and count < _MOST_ENTRIES:
        node = stack.pop()
        count += 1
        for title, target in node.items() if isinstance(node, Mapping) else [(None, node)]:
            if isinstance(target, list):
                yield OutlineEntry(title, None)
                stack += reversed(target)
            elif isinstance(target, str) and "://" not in target:
                yield OutlineEntry(title, target)


def _sphinx(folder: Path) -> FolderOutline | None:
    """Reads the toctrees of an index.md beside a conf.py, which is not run."""
    settings = _read(folder, _SPHINX)
    entries = tuple(_toctree_entries(folder)) if settings else ()
    if not entries:
        return None
    fields = {match["key"]: match["value"] for line in settings.splitlines() if (match := _SPHINX_FIELD.match(line))}
    head = front_matter({"title": fields.get("project"), "author": fields.get("author")})
    return FolderOutline(head, folder, (OutlineEntry(None, _SPHINX_ROOT), *entries))


def _toctree_entries(folder: Path) -> Iterator[OutlineEntry]:
    """Yields the files of the toctrees. Those in a chapter's own toctree are its sections."""
    seen = {_SPHINX_ROOT}
    for entry in _listed_files(folder, _SPHINX_ROOT):
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
    for line in _toctree_lines(_read(folder, f"{name.removesuffix('.md')}.md")):
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


def _plain(title: str) -> str:
    return re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", title).strip()


def _read(folder: Path, name: str) -> str:
    """Returns the beginning of a file in the folder. Nothing bounds this process, so it reads only so much."""
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return ""
    with path.open("rb") as file:
        return decode(file.read(_MOST_BYTES)).text
