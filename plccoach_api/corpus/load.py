"""Stores a book in the database. A book whose text is already stored is left unchanged.

The vectors are computed first, and each batch is staged at once, so an interrupted ingest
continues where it stopped. Then one transaction replaces the book's chunks, so that no search reads
a half-loaded book. A search that began before the commit may miss new passages that only their
meaning would find.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from plccoach_api import ids
from plccoach_api.corpus.chunks import ChunkedBook
from plccoach_api.corpus.domain_labels import label_passages
from plccoach_api.corpus.report import Outcome
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Connection
from plccoach_api.queries import books, chapters, chunks, corpora, embeddings, staged_embeddings, stems, weights
from plccoach_api.queries.chunks import NewChunk

# BM25 compares a passage's length with the average. All weights are computed again only when the average has changed by
# more than this share. A smaller change hardly affects a ranking.
_TOLERATED_DRIFT = 0.05


async def load(
    connection: Connection, book: ChunkedBook, vectors: Vectors | None, progress: Callable[[int], None] = lambda _: None
) -> Outcome:
    """Calls `progress` with the size of each batch of chunks that was embedded. Raises EmbeddingUnavailable."""
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
    # Deleting the chapters deletes their chunks and embeddings. So the embeddings are staged for reuse first, and the
    # chunks are subtracted from the counts of their stems.
    await staged_embeddings.create_for_book(connection, book_id=book_id)
    await stems.remove_for_book(connection, book_id=book_id)
    await chapters.delete_for_book(connection, book_id=book_id)
    await _load_chunks(connection, book, book_id, old)
    await embeddings.create_from_staged(connection, book_id=book_id)
    await staged_embeddings.delete(connection, content_hashes=[*{*old, *book.hashes}])
    await _update_weights(connection, book_id)
    return True


async def _load_chunks(connection: Connection, book: ChunkedBook, book_id: UUID, old: Mapping[bytes, UUID]) -> None:
    chapter_ids = [ids.new() for _ in book.book.chapters]
    rows = zip(chapter_ids, book.book.chapters, strict=True)
    await chapters.load(
        connection, [(id_, book_id, position, each.number, each.title) for position, (id_, each) in enumerate(rows)]
    )
    await chunks.load(connection, [*_new_chunks(book, book_id, chapter_ids, dict(old))])


def _new_chunks(
    book: ChunkedBook, book_id: UUID, chapter_ids: Sequence[UUID], old: dict[bytes, UUID]
) -> Iterator[NewChunk]:
    """A chunk whose text did not change keeps its id, so that citations of it still find their passage."""
    labels = label_passages([(book.book.chapters[chunk.chapter].title, chunk.content) for chunk in book.chunks])
    for position, (chunk, content_hash) in enumerate(zip(book.chunks, book.hashes, strict=True)):
        yield NewChunk(
            # When a text occurs twice in the book, only the first chunk keeps the id.
            id=old.pop(content_hash) if content_hash in old else ids.new(),
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


async def _update_weights(connection: Connection, book_id: UUID) -> None:
    await stems.add_for_book(connection, book_id=book_id)
    measure = await corpora.measure(connection, book_id=book_id)
    drifted = abs(measure.average_length - measure.weighed_with) > _TOLERATED_DRIFT * measure.weighed_with
    if drifted:
        await corpora.update_average(connection, average_length=measure.average_length)
    await weights.create(connection, book_id=None if drifted else book_id)
