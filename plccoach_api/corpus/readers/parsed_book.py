"""The result of a reader: a book before its sidecar is applied and its text is checked."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from plccoach_api.corpus.book import Chapter, LeftOut
from plccoach_api.corpus.readers.authors import split_authors

_BYLINE = re.compile(r"by (?P<authors>.{1,300})", re.IGNORECASE)
_MOST_NAME_WORDS = 6


@dataclass(frozen=True, slots=True)
class ParsedBook:
    title: str | None
    authors: tuple[str, ...]
    year: int | None
    chapters: Sequence[Chapter]
    edition: str | None = None
    left_out: tuple[LeftOut, ...] = ()


def parse_byline(line: str) -> tuple[str, ...]:
    """Returns the authors of `by A, B and C`. Other lines that begin with "by" have none."""
    match = _BYLINE.fullmatch(" ".join(line.split()))
    names = split_authors(match["authors"]) if match else ()
    return names if all(_is_name(name) for name in names) else ()


def _is_name(text: str) -> bool:
    words = text.split()
    return len(words) <= _MOST_NAME_WORDS and words[0][0].isupper() and words[-1][0].isupper()


def list_left_out(characters: Mapping[str, int], lost: Container[str] = ()) -> tuple[LeftOut, ...]:
    """Returns one LeftOut for each reason."""
    return tuple(LeftOut(reason, count, is_lost=reason in lost) for reason, count in characters.items() if count)
