"""The report of an ingest: one line for each file."""

from enum import StrEnum
from pathlib import Path
from typing import Self

import msgspec

from plccoach_api.corpus.chunks import ChunkedBook
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.rules.pricing import KNOWN_PRICES, priced_usage


class Outcome(StrEnum):
    """A dry run reports `readable` where an ingest reports `loaded`, `replaced` or `unchanged`."""

    readable = "readable"
    loaded = "loaded"
    replaced = "replaced"
    unchanged = "unchanged"
    failed = "failed"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    outcome: Outcome
    title: str | None = None
    chapters: int = 0
    chunks: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    reason: str | None = None

    @classmethod
    def of(cls, path: Path, outcome: Outcome, book: ChunkedBook, embedder: Embedder) -> Self:
        return cls(
            path=str(path),
            outcome=outcome,
            title=book.book.title,
            chapters=len(book.book.chapters),
            chunks=len(book.chunks),
            tokens=book.tokens,
            cost_usd=0.0 if outcome is Outcome.unchanged else _estimate_cost(embedder, book.tokens),
        )


def _estimate_cost(embedder: Embedder, tokens: int) -> float | None:
    """Returns dollars, or None when the model's price is not known.

    The local tokenizer counts the tokens. The embedder's own tokenizer may count a few more or less.
    """
    if not embedder.is_billed:
        return 0.0
    cost = priced_usage(KNOWN_PRICES, embedder.model, tokens, 0).cost_usd
    return None if cost is None else round(float(cost), 6)
