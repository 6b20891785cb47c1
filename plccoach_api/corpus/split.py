"""Cuts a book into chunks: passages long enough to make sense alone and short enough to be quoted from.

Chunks have 500 to 1,000 tokens, and those of a chapter are about equally long. Where a chapter is
cut is found by weighing all ways to cut it. What belongs together is not cut: a paragraph, a list
and the sentence that introduces it, a heading and what follows it; unless that alone is longer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from plccoach_api.corpus.book import Book, Chapter, Paragraph
from plccoach_api.rules.sentences import sentences

LEAST, MOST = 500, 1000
# Vectors of shorter passages say more; the rest of the range is for what must not be cut, and for the overlap.
_WANTED = 560
_OVERLAP = 100
# Joined by empty lines, texts may have a token or two more than each alone.
_JOINT = 2
_ROOM = MOST - 20

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Chunk:
    """`chapter` is the place of its chapter in the book."""

    chapter: int
    first_page: int | None
    last_page: int | None
    content: str
    tokens: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not cut."""

    paragraphs: tuple[Paragraph, ...]
    tokens: int


def split(book: Book, count: Count) -> Iterator[Chunk]:
    """Never across a chapter."""
    for place, chapter in enumerate(book.chapters):
        units = list(_units(chapter, count))
        before: list[Paragraph] = []
        for start, end in _cuts([unit.tokens for unit in units]):
            paragraphs = [each for unit in units[start:end] for each in unit.paragraphs]
            used = sum(unit.tokens for unit in units[start:end])
            overlap = _overlap(before, count, min(_OVERLAP, _ROOM - used))
            yield _chunk(place, [*overlap, *paragraphs], count)
            before = paragraphs


def _units(chapter: Chapter, count: Count) -> Iterator[_Unit]:
    gathered: list[Paragraph] = []
    for paragraph in chapter.paragraphs:
        gathered.append(paragraph)
        if not (paragraph.is_heading or paragraph.text.endswith(":")):
            yield from _fitting(gathered, count)
            gathered = []
    if gathered:
        yield from _fitting(gathered, count)


def _fitting(paragraphs: Sequence[Paragraph], count: Count) -> Iterator[_Unit]:
    """One unit; or several, when together they are too long for a chunk."""
    tokens = [count(paragraph.text) + _JOINT for paragraph in paragraphs]
    if sum(tokens) <= _ROOM:
        yield _Unit(tuple(paragraphs), sum(tokens))
        return
    for paragraph, length in zip(paragraphs, tokens, strict=True):
        for piece in [paragraph.text] if length <= _ROOM else _pieces(paragraph.text, count):
            yield _Unit((Paragraph(piece, paragraph.first_page, paragraph.last_page),), count(piece) + _JOINT)


def _pieces(text: str, count: Count) -> Iterator[str]:
    """A paragraph too long for a chunk, cut between lines, or else sentences, or else words."""
    separator = next((each for each in ("\n", ". ", " ") if each in text.strip()), "")
    parts = text.strip().split(separator) if separator else [text[: len(text) // 2], text[len(text) // 2 :]]
    half = _middle([len(part) for part in parts])
    # What ends a sentence stays with it.
    for piece in (separator.join(parts[:half]) + separator.rstrip(), separator.join(parts[half:])):
        if count(piece) + _JOINT <= _ROOM:
            yield piece.strip()
        else:
            yield from _pieces(piece, count)


def _middle(lengths: Sequence[int]) -> int:
    """How many parts make about half of the whole: one at least, and not all."""
    total = 0
    for index, length in enumerate(lengths[:-1], start=1):
        total += length
        if 2 * total >= sum(lengths):
            return index
    return max(1, len(lengths) - 1)


def _cuts(tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where to cut a chapter of units with so many tokens, so that the chunks are nearest to what is wanted."""
    costs, came_from = [0.0], [0]
    for end in range(1, len(tokens) + 1):
        best, best_start, length = float("inf"), end - 1, 0
        for start in range(end - 1, -1, -1):
            length += tokens[start]
            if length > _ROOM and start < end - 1:
                break
            cost = costs[start] + _cost(length)
            if cost < best:
                best, best_start = cost, start
        costs.append(best)
        came_from.append(best_start)
    cuts, end = [], len(tokens)
    while end:
        cuts.append((came_from[end], end))
        end = came_from[end]
    return reversed(cuts)


def _cost(length: int) -> float:
    """Too short costs far more than too long."""
    missing = max(0, LEAST - length)
    return (length - _WANTED) ** 2 + 100.0 * missing**2


def _overlap(paragraphs: Sequence[Paragraph], count: Count, room: int) -> list[Paragraph]:
    """The last sentences before a cut, that the passage after it makes sense alone."""
    if not paragraphs or paragraphs[-1].is_heading:
        return []
    last = paragraphs[-1]
    start = None
    for span in reversed(list(sentences(last.text))):
        if count(last.text[span.start :]) + _JOINT > room:
            break
        start = span.start
    return [] if start is None else [Paragraph(last.text[start:], last.first_page, last.last_page)]


def _chunk(place: int, paragraphs: Sequence[Paragraph], count: Count) -> Chunk:
    content = "\n\n".join(paragraph.text for paragraph in paragraphs)
    pages = [page for each in paragraphs for page in (each.first_page, each.last_page) if page is not None]
    return Chunk(place, min(pages, default=None), max(pages, default=None), content, count(content))
