"""A conversation as it leaves the service: its title and dates, all that was said, and the books behind it."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import msgspec

from plccoach_api.rules.citations import Citation
from plccoach_api.structs.exports import Work
from plccoach_api.structs.messages import Message

UNTITLED = "Conversation"

_TO = "\N{EN DASH}"

Pages = AsyncIterator[Sequence[Message]]
"""The messages, oldest first, a page at a time: a long conversation is never in memory whole."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the messages."""

    title: str
    created_at: datetime
    updated_at: datetime
    exported_at: datetime


class Bibliography:
    """Gathers the books of all citations, in the order in which they were first cited."""

    def __init__(self) -> None:
        self._cited: dict[tuple[str, tuple[str, ...]], tuple[set[int], str | None]] = {}

    def add(self, citations: Sequence[Citation]) -> None:
        for citation in citations:
            pages, _ = self._cited.setdefault((citation.book_title, citation.authors), (set(), citation.product_url))
            if citation.pages:
                pages.update(range(citation.pages[0], citation.pages[1] + 1))

    def works(self) -> list[Work]:
        return [
            Work(title=title, authors=authors, pages=tuple(sorted(pages)), product_url=_link(product_url))
            for (title, authors), (pages, product_url) in self._cited.items()
        ]


def source(citation: Citation) -> str:
    """A citation in words: the book, where in it, but not the quote."""
    parts = [_by(citation.book_title, citation.authors)]
    if citation.chapter is not None:
        parts.append(f"chapter {citation.chapter}, {citation.chapter_title}")
    elif citation.chapter_title:
        parts.append(citation.chapter_title)
    if citation.pages:
        parts.append(pages(range(citation.pages[0], citation.pages[1] + 1)))
    return "; ".join(parts)


def entry(work: Work) -> str:
    """A book of the bibliography in words."""
    words = _by(work.title, work.authors)
    if work.pages:
        words += f"; {pages(work.pages)}"
    return f"{words}. {work.product_url}" if work.product_url else f"{words}."


def pages(numbers: Sequence[int]) -> str:
    """Page numbers, the runs among them joined."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}{_TO}{run[-1]}" for run in runs)
    return f"pp. {shown}" if len(numbers) > 1 else f"p. {shown}"


def _by(title: str, authors: Sequence[str]) -> str:
    *first, last = authors or ("",)
    names = f"{', '.join(first)} and {last}" if first else last
    return f"{names}, “{title}”" if names else f"“{title}”"


def _link(url: str | None) -> str | None:
    return url if url and url.startswith(("https://", "http://")) else None
