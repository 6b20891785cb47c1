"""The result of a reader: a book before its sidecar is applied and its text is checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plccoach_api.corpus.book import Chapter, LeftOut

_BETWEEN_AUTHORS = re.compile(r",\s*and\s+|\s*[,;&]\s*|\s+and\s+")


@dataclass(frozen=True, slots=True)
class ParsedBook:
    title: str | None
    authors: tuple[str, ...]
    year: int | None
    chapters: Sequence[Chapter]
    edition: str | None = None
    left_out: tuple[LeftOut, ...] = ()


def split_authors(text: str) -> tuple[str, ...]:
    """Splits `A, B and C`, as a title page names its authors."""
    text = " ".join(text.split())
    return tuple(name for part in _BETWEEN_AUTHORS.split(text) if (name := part.strip().removesuffix(".")))
