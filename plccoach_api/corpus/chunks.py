"""Cuts a book into chunks: passages that are long enough to make sense alone, and short enough to quote from.

A chunk has 500 to 1,000 tokens, and the chunks of a chapter are about equally long. All ways to cut a
chapter are compared, and the best one is taken. Three things stay whole unless they are longer than a
chunk: a paragraph, a list with the sentence that introduces it, and a heading with the text after it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from plccoach_api.corpus.book import Book, Chapter, PageStarts, Paragraph, join_paragraphs
from plccoach_api.corpus.identity import storable
from plccoach_api.embedding.local import count_tokens
from plccoach_api.rules.sentences import sentences

LEAST, MOST = 500, 1000
# The vector of a shorter passage is more precise. The rest of the range is for text that stays whole, and for overlap.
_PREFERRED = 560
_OVERLAP = 100
# An empty line between two texts may add a token or two.
_JOINT = 2
_ROOM = MOST - 20
# A longer text does not fit into a chunk. The tokenizer would need twenty times its size in memory to say so.
_MOST_CHARACTERS = 10 * MOST
# Part of a book's hash. Raise it when books are cut or labelled differently, so that they are loaded again.
_VERSION = 2

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Chunk:
    """`chapter` is the index of its chapter in the book."""

    chapter: int
    content: str
    page_starts: PageStarts
    tokens: int


@dataclass(frozen=True, slots=True)
class ChunkedBook:
    """A book with its chunks, and the hash of each chunk's text."""

    book: Book
    chunks: Sequence[Chunk]
    hashes: Sequence[bytes]
    content_hash: bytes

    @property
    def tokens(self) -> int:
        return sum(chunk.tokens for chunk in self.chunks)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Paragraphs that stay together in one chunk."""

    paragraphs: tuple[Paragraph, ...]
    tokens: int


def chunk_book(book: Book) -> ChunkedBook:
    book = storable(book)
    chunks = list(split(book, count_tokens))
    hashes = [sha256(chunk.content.encode()).digest() for chunk in chunks]
    return ChunkedBook(book, chunks, hashes, sha256(msgspec.json.encode((_VERSION, book))).digest())


def split(book: Book, count: Count) -> Iterator[Chunk]:
    """Yields the chunks in order. No chunk crosses the end of a chapter."""
    for chapter_index, chapter in enumerate(book.chapters):
        units = list(_units(chapter, count))
        previous: list[Paragraph] = []
        for start, end in _best_cuts([unit.tokens for unit in units]):
            paragraphs = [each for unit in units[start:end] for each in unit.paragraphs]
            used = sum(unit.tokens for unit in units[start:end])
            overlap = _overlap(previous, count, min(_OVERLAP, _ROOM - used))
            yield _chunk(chapter_index, [*overlap, *paragraphs], count)
            previous = paragraphs


def _units(chapter: Chapter, count: Count) -> Iterator[_Unit]:
    gathered: list[Paragraph] = []
    for paragraph in chapter.paragraphs:
        gathered.append(paragraph)
        if not (paragraph.is_heading or paragraph.text.endswith(":")):
            yield from _fitting_units(gathered, count)
            gathered = []
    if gathered:
        yield from _fitting_units(gathered, count)


def _fitting_units(paragraphs: Sequence[Paragraph], count: Count) -> Iterator[_Unit]:
    """Yields one unit, or several if the paragraphs together are too long for a chunk."""
    tokens = [_length(paragraph.text, count) for paragraph in paragraphs]
    if sum(tokens) <= _ROOM:
        yield _Unit(tuple(paragraphs), sum(tokens))
        return
    for paragraph, length in zip(paragraphs, tokens, strict=True):
        for piece in [paragraph] if length <= _ROOM else _pieces(paragraph, count):
            yield _Unit((piece,), _length(piece.text, count))


def _length(text: str, count: Count) -> int:
    return MOST if len(text) > _MOST_CHARACTERS else count(text) + _JOINT


def _pieces(paragraph: Paragraph, count: Count) -> Iterator[Paragraph]:
    """Halves a text until each piece fits into a chunk. Cuts between lines, or else sentences, or else words."""
    todo = [paragraph]
    while todo:
        piece = todo.pop().stripped()
        if not piece.text:
            continue
        if _length(piece.text, count) <= _ROOM or len(piece.text) == 1:
            yield piece
        else:
            middle = _middle(piece.text)
            todo += [piece.part(middle), piece.part(0, middle)]


def _middle(text: str) -> int:
    """Returns the offset after the separator that is nearest to the middle of the text."""
    for separator in ("\n", ". ", " "):
        after = text.find(separator, len(text) // 2)
        before = text.rfind(separator, 0, len(text) // 2)
        ends = [at + len(separator) for at in (before, after) if at >= 0]
        if inside := [end for end in ends if 0 < end < len(text)]:
            return min(inside, key=lambda end: abs(end - len(text) // 2))
    return len(text) // 2


def _best_cuts(tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Returns the (start, end) of each chunk. The sum of the chunks' costs is the lowest possible.

    `tokens` are the lengths of the units. For each end, the cheapest start follows from the costs of all shorter ends.
    """
    costs, best_starts = [0.0], [0]
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
        best_starts.append(best_start)
    cuts, end = [], len(tokens)
    while end:
        cuts.append((best_starts[end], end))
        end = best_starts[end]
    return reversed(cuts)


def _cost(length: int) -> float:
    """A chunk that is too short costs far more than one that is too long."""
    missing = max(0, LEAST - length)
    return (length - _PREFERRED) ** 2 + 100.0 * missing**2


def _overlap(paragraphs: Sequence[Paragraph], count: Count, room: int) -> list[Paragraph]:
    """Returns the last sentences of the previous chunk, so that the next chunk makes sense alone."""
    if not paragraphs or paragraphs[-1].is_heading:
        return []
    last = paragraphs[-1]
    start = None
    for span in reversed(list(sentences(last.text))):
        if count(last.text[span.start :]) + _JOINT > room:
            break
        start = span.start
    return [] if start is None else [last.part(start)]


def _chunk(chapter_index: int, paragraphs: Sequence[Paragraph], count: Count) -> Chunk:
    joined = join_paragraphs(paragraphs, "\n\n")
    return Chunk(chapter_index, joined.text, joined.page_starts, count(joined.text))
