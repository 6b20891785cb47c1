"""The list of links in a SUMMARY.md, which mdBook and GitBook have."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from plccoach_api.corpus.readers.folder_outline.outline import OutlineEntry
from plccoach_api.corpus.readers.headings import is_page_list

_LINK = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>[-*+][ \t]+)?\[(?P<title>[^\]\n]{0,500})\]\((?P<target>[^)\n]{0,500})\)\s*"
)
_PART = re.compile(r"#{1,2}[ \t]+(?P<title>\S.*)")


def summary_entries(text: str) -> Iterator[OutlineEntry]:
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


def _plain(title: str) -> str:
    return re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", title).strip()
