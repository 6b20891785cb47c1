"""The report of an ingest: one entry for each file, with what of its text is in the book and what is not."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Self
from uuid import UUID

import msgspec

from plccoach_api.corpus.book import Book, Chapter, LeftOut
from plccoach_api.corpus.chunks import ChunkedBook
from plccoach_api.corpus.readers.normalize import encodable
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.rules.pricing import KNOWN_PRICES, priced_usage

# Below this share, a book needs --accept.
LEAST_SHARE = 0.5
_FIRST_WORDS = 60


class Outcome(StrEnum):
    """A dry run reports `readable` where an ingest reports `loaded`, `replaced` or `unchanged`."""

    readable = "readable"
    loaded = "loaded"
    replaced = "replaced"
    unchanged = "unchanged"
    failed = "failed"


class ReportedChapter(msgspec.Struct, frozen=True):
    """`pages` are the first and the last, None when they are not known. `begins` has the first words of the text."""

    number: int | None
    title: str
    pages: tuple[int, int] | None
    begins: str

    @classmethod
    def of(cls, chapter: Chapter) -> Self:
        pages = _pages([chapter])
        return cls(chapter.number, chapter.title, (min(pages), max(pages)) if pages else None, _first_words(chapter))


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`pages` counts the pages that have text; None means that the file does not say where its pages begin."""

    path: str
    outcome: Outcome
    reason: str | None = None
    book_id: UUID | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    edition: str | None = None
    share: float | None = None
    pages: int | None = None
    tokens: int = 0
    chapters: tuple[ReportedChapter, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def failed(cls, path: Path, reason: str) -> Self:
        return cls(path=encodable(str(path)), outcome=Outcome.failed, reason=reason)

    @classmethod
    def of(
        cls,
        path: Path,
        outcome: Outcome,
        chunked: ChunkedBook,
        *,
        reason: str | None = None,
        book_id: UUID | None = None,
    ) -> Self:
        book = chunked.book
        return cls(
            path=encodable(str(path)),
            outcome=outcome,
            reason=reason,
            book_id=book_id,
            title=book.title,
            authors=book.authors,
            year=book.year,
            edition=book.edition,
            share=_rounded_down(book.share),
            pages=len(_pages(book.chapters)) or None,
            tokens=chunked.tokens,
            chapters=tuple(map(ReportedChapter.of, book.chapters)),
            left_out=book.left_out,
        )


def shortfall(book: Book) -> str | None:
    """Says why so little of the book's text could be read that a person has to accept it. None for other books."""
    if book.share >= LEAST_SHARE:
        return None
    lost = "; ".join(dict.fromkeys(each.reason for each in book.left_out if each.is_lost))
    return f"only {percent(book.share)} of its text could be read ({lost}); --accept loads it as it is"


def percent(share: float) -> str:
    """Rounds down, because 100 % means that nothing is missing."""
    return f"{int(share * 100)} %"


def estimate_cost(embedder: Embedder, reports: Sequence[Report]) -> float | None:
    """Returns the dollars that embedding the books cost, or None when the model's price is not known.

    The local tokenizer counts the tokens. The embedder's own tokenizer may count a few more or less.
    """
    if not embedder.is_billed:
        return 0.0
    tokens = sum(each.tokens for each in reports if each.outcome not in {Outcome.failed, Outcome.unchanged})
    cost = priced_usage(KNOWN_PRICES, embedder.model, tokens, 0).cost_usd
    return None if cost is None else round(float(cost), 6)


def _rounded_down(share: float) -> float:
    return int(share * 10_000) / 10_000


def _pages(chapters: Sequence[Chapter]) -> set[int]:
    return {start.page for chapter in chapters for paragraph in chapter.paragraphs for start in paragraph.page_starts}


def _first_words(chapter: Chapter) -> str:
    """Returns the beginning of the text after the chapter's headings, cut at a word."""
    text = next((each.text for each in chapter.paragraphs if not each.is_heading), "")
    words = " ".join(text[: 4 * _FIRST_WORDS].split())
    if len(words) <= _FIRST_WORDS:
        return words
    return (words[:_FIRST_WORDS].rpartition(" ")[0] or words[:_FIRST_WORDS]) + "…"
