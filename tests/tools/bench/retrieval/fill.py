"""Loads a synthetic corpus as an ingest would, without reading books or asking a model."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from pgvector import HalfVector

from plccoach_api import ids
from plccoach_api.database.pool import Connection
from plccoach_api.queries import books, chapters, chunks, corpora, embedding_sets, embeddings, stems, weights
from plccoach_api.queries.chunks import NewChunk
from tests.tools.bench.retrieval.synthetic import Synthetic

_CHUNKS_PER_BOOK = 1000
_TOKENS = 500


async def fill(connection: Connection, corpus: Synthetic, provider: str, model: str) -> UUID:
    """Loads passages with their weights and vectors; returns the id of the set, which has no index."""
    created = await embedding_sets.create(
        connection, id=ids.new(), provider=provider, model=model, dimensions=corpus.dimensions, now=datetime.now(UTC)
    )
    for number, start in enumerate(range(0, corpus.chunks, _CHUNKS_PER_BOOK)):
        topics = corpus.topics(min(_CHUNKS_PER_BOOK, corpus.chunks - start))
        async with connection.transaction():
            book_id, chunk_ids = await _book(connection, corpus, number, topics)
            rows = zip(chunk_ids, corpus.vectors(topics), strict=True)
            await embeddings.load(connection, [(created.id, chunk_id, HalfVector(row)) for chunk_id, row in rows])
            await stems.add_for_book(connection, book_id=book_id)
            measure = await corpora.add_for_book(connection, book_id=book_id)
            if number == 0:
                await corpora.update_average(connection, average_length=measure.average_length)
            await weights.create(connection, book_id=book_id)
    await embedding_sets.update_ready(connection, id=created.id)
    await connection.execute("VACUUM ANALYZE")
    return created.id


async def _book(connection: Connection, corpus: Synthetic, number: int, topics: list[int]) -> tuple[UUID, list[UUID]]:
    book_id = ids.new()
    await books.create(
        connection,
        id=book_id,
        identity=sha256(b"identity %d" % number).digest(),
        title=f"Book {number}",
        authors=["Nobody"],
        year=None,
        edition=None,
        product_url=None,
        content_hash=sha256(b"%d" % number).digest(),
        now=datetime.now(UTC),
    )
    chapter_id = ids.new()
    await chapters.load(connection, [(chapter_id, book_id, 0, 1, "All of it")])
    rows = [
        NewChunk(
            id=ids.new(),
            book_id=book_id,
            chapter_id=chapter_id,
            position=position,
            # Each passage has its own page: a search leaves out a passage that shares its pages with a better one.
            first_page=position + 1,
            last_page=position + 1,
            page_offsets=[0],
            page_numbers=[position + 1],
            primary_domain=corpus.domain(topic),
            secondary_domains=[],
            tokens=_TOKENS,
            content=(text := corpus.text(topic)),
            content_hash=sha256(text.encode()).digest(),
        )
        for position, topic in enumerate(topics)
    ]
    await chunks.load(connection, rows)
    return book_id, [row.id for row in rows]
