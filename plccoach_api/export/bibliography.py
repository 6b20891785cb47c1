"""The bibliography of a conversation, and the texts that describe a book or the source of a citation."""

from collections.abc import Sequence

from plccoach_api.rules.citations import Citation
from plccoach_api.structs.exports import Work

_TO = "\N{EN DASH}"


class Bibliography:
    """Collects the books of all citations, in the order in which they were first cited."""

    def __init__(self) -> None:
        self._works: dict[tuple[str, tuple[str, ...]], tuple[set[int], str | None]] = {}

    def add(self, citations: Sequence[Citation]) -> None:
        for citation in citations:
            pages, _ = self._works.setdefault((citation.book_title, citation.authors), (set(), citation.product_url))
            if citation.pages:
                pages.update(range(citation.pages[0], citation.pages[1] + 1))

    def works(self) -> list[Work]:
        return [
            Work(title=title, authors=authors, pages=tuple(sorted(pages)), product_url=_web_address(product_url))
            for (title, authors), (pages, product_url) in self._works.items()
        ]


def describe_source(citation: Citation) -> str:
    """Returns the book and the place in it, without the quote."""
    parts = [_authors_and_title(citation.authors, citation.book_title)]
    if citation.chapter is not None:
        parts.append(f"chapter {citation.chapter}, {citation.chapter_title}")
    elif citation.chapter_title:
        parts.append(citation.chapter_title)
    if citation.pages:
        parts.append(page_ranges(range(citation.pages[0], citation.pages[1] + 1)))
    return "; ".join(parts)


def describe_work(work: Work) -> str:
    """Returns the line of a book in the bibliography."""
    words = _authors_and_title(work.authors, work.title)
    if work.pages:
        words += f"; {page_ranges(work.pages)}"
    return f"{words}. {work.product_url}" if work.product_url else f"{words}."


def page_ranges(numbers: Sequence[int]) -> str:
    """Joins consecutive page numbers with a dash."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    shown = ", ".join(str(each[0]) if len(each) == 1 else f"{each[0]}{_TO}{each[-1]}" for each in ranges)
    return f"pp. {shown}" if len(numbers) > 1 else f"p. {shown}"


def _authors_and_title(authors: Sequence[str], title: str) -> str:
    *first, last = authors or ("",)
    names = f"{', '.join(first)} and {last}" if first else last
    return f"{names}, “{title}”" if names else f"“{title}”"


def _web_address(url: str | None) -> str | None:
    return url if url and url.startswith(("https://", "http://")) else None
