"""Puts a book into the database: one whose text is there already changes nothing.

Its vectors are made first, and staged as they come, so that an ingest that was interrupted goes on
where it was. Then its passages take the place of the old ones in one transaction: questions are
answered from the old text or the new, never from half.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import msgspec

from plccoach_api import ids
from plccoach_api.corpus.book import Book
from plccoach_api.corpus.label import label
from plccoach_api.corpus.split import Chunk, split
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Connection
from plccoach_api.embedding.local import count_tokens
from plccoach_api.queries import books, chapters, chunks, corpora, embeddings, staged_embeddings, stems, weights
from plccoach_api.queries.chunks import NewChunk

# When books are cut or labelled in another way, theirs is another text: raise it, and they are loaded again.
_EDITION = 1
# BM25 compares a passage's length with the average; a few hundredths off change no ranking worth the rewriting.
_DRIFT = 0.05


class Outcome(StrEnum):
    loaded = "loaded"
    replaced = "replaced"
    unchanged = "unchanged"


@dataclass(frozen=True, slots=True)
class ChunkedBook:
    """A book and its passages, each with the hash of its text."""

    book: Book
    chunks: Sequence[Chunk]
    hashes: Sequence[bytes]
    content_hash: bytes

    @property
    def tokens(self) -> int:
        return sum(chunk.tokens for chunk in self.chunks)


def chunk_book(book: Book) -> ChunkedBook:
    passages = list(split(book, count_tokens))
    hashes = [sha256(chunk.content.encode()).digest() for chunk in passages]
    return ChunkedBook(book, passages, hashes, sha256(msgspec.json.encode((_EDITION, book))).digest())


async def load(
    connection: Connection, book: ChunkedBook, vectors: Vectors | None, progress: Callable[[int], None] = lambda _: None
) -> Outcome:
    """`progress` hears of every few passages that were embedded. Raises Unavailable."""
    known = await books.get_by_title(connection, title=book.book.title)
    if known and known.content_hash == book.content_hash:
        return Outcome.unchanged
    if vectors:
        texts = dict(zip(book.hashes, (chunk.content for chunk in book.chunks), strict=True))
        await vectors.stage(connection, texts, known.id if known else None, progress)
    async with connection.transaction():
        changed = await _replace(connection, book)
    if not changed:
        return Outcome.unchanged
    return Outcome.replaced if known else Outcome.loaded


async def _replace(connection: Connection, book: ChunkedBook) -> bool:
    book_id = await books.replace(
        connection,
        id=ids.new(),
        title=book.book.title,
        authors=book.book.authors,
        year=book.book.year,
        product_url=book.book.product_url,
        content_hash=book.content_hash,
        now=datetime.now(UTC),
    )
    if book_id is None:
        return False
    old = {chunk.content_hash: chunk.id for chunk in await chunks.list_for_book(connection, book_id=book_id)}
    await staged_embeddings.create_for_book(connection, book_id=book_id)
    await stems.remove_for_book(connection, book_id=book_id)
    await chapters.delete_for_book(connection, book_id=book_id)
    await _fill(connection, book, book_id, dict(old))
    await embeddings.create_from_staged(connection, book_id=book_id)
    await staged_embeddings.delete(connection, content_hashes=[*{*old, *book.hashes}])
    await _weigh(connection, book_id)
    return True


async def _fill(connection: Connection, book: ChunkedBook, book_id: UUID, old: dict[bytes, UUID]) -> None:
    """A passage whose text stays keeps its id, so that what was cited can still be looked up."""
    chapter_ids = [ids.new() for _ in book.book.chapters]
    rows = zip(chapter_ids, book.book.chapters, strict=True)
    await chapters.load(
        connection, [(id_, book_id, place, each.number, each.title) for place, (id_, each) in enumerate(rows)]
    )
    labels = label([(book.book.chapters[chunk.chapter].title, chunk.content) for chunk in book.chunks])
    kept = [old.pop(content_hash) if content_hash in old else ids.new() for content_hash in book.hashes]
    await chunks.load(
        connection,
        [
            NewChunk(
                id=kept[position],
                book_id=book_id,
                chapter_id=chapter_ids[chunk.chapter],
                position=position,
                first_page=chunk.first_page,
                last_page=chunk.last_page,
                primary_domain=labels[position].primary,
                secondary_domains=[*labels[position].secondary],
                tokens=chunk.tokens,
                content=chunk.content,
                content_hash=content_hash,
            )
            for position, (chunk, content_hash) in enumerate(zip(book.chunks, book.hashes, strict=True))
        ],
    )


async def _weigh(connection: Connection, book_id: UUID) -> None:
    await stems.add_for_book(connection, book_id=book_id)
    measure = await corpora.measure(connection, book_id=book_id)
    drifted = abs(measure.average_length - measure.weighed_with) > _DRIFT * measure.weighed_with
    if drifted:
        await corpora.update_average(connection, average_length=measure.average_length)
    await weights.create(connection, book_id=None if drifted else book_id)
