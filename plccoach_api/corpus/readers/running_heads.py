"""Finds page numbers, and the heads and feet that many pages share: they are not part of a book's text."""

import re
from collections import Counter
from collections.abc import Sequence

_PAGE_NUMBER = re.compile(r"(?:page\s+|p\.\s*)?(?:\d{1,4}|[ivxlc]{1,8})(?:\s+of\s+\d+)?", re.IGNORECASE)
# A line is a running head when it appears on this share of the pages, and on at least three.
_LEAST_SHARE = 0.3
_LEAST_PAGES = 3
# Running heads are looked for in the first and the last two lines of a page.
_EDGE_LINES = 2


def find_running_heads(pages: Sequence[Sequence[str]]) -> list[set[int]]:
    """Returns for each page the indexes of its lines that are a page number or a running head."""
    edges = [_edge(page) for page in pages]
    pages_with = Counter(
        key for page, edge in zip(pages, edges, strict=True) for key in {_key(page[at]) for at in edge}
    )
    least = max(_LEAST_PAGES, _LEAST_SHARE * len(pages))
    return [
        {at for at in edge if _PAGE_NUMBER.fullmatch(page[at].strip()) or pages_with[_key(page[at])] >= least}
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edge(page: Sequence[str]) -> set[int]:
    filled = [at for at, line in enumerate(page) if line.strip()]
    return {*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]}


def _key(line: str) -> str:
    """Returns the line without the page's number, which is all that differs between the heads of two pages."""
    return re.sub(r"\d+", "", " ".join(line.split())).strip(" |\u2013\u2014-").lower()
