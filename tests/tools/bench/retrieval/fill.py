"""Loads a synthetic corpus as an ingest would, but for what reads books and asks a model."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from plccoach_api import ids
from plccoach_api.database.pool import Connection
from plccoach_api.queries import books, chapters, chunks, corpora, embedding_sets, stems, weights
from plccoach_api.queries.chunks import NewChunk
from tests.tools.bench.retrieval.synthetic import Synthetic

_CHUNKS_OF_A_BOOK = 1000
_TOKENS = 500
# The frame of PostgreSQL's binary COPY: its signature, and what ends it.
_HEAD, _TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


async def fill(connection: Connection, corpus: Synthetic, provider: str, model: str) -> UUID:
    """Passages, their words, and their vectors in a set without an index; its id."""
    created = await embedding_sets.create(
        connection, id=ids.new(), provider=provider, model=model, dimensions=corpus.dimensions, now=datetime.now(UTC)
    )
    for number, start in enumerate(range(0, corpus.chunks, _CHUNKS_OF_A_BOOK)):
        topics = corpus.topics(min(_CHUNKS_OF_A_BOOK, corpus.chunks - start))
        async with connection.transaction():
            book_id, chunk_ids = await _book(connection, corpus, number, topics)
            await _vectors(connection, created.id, chunk_ids, corpus.vectors(topics))
            await stems.add_for_book(connection, book_id=book_id)
            measure = await corpora.measure(connection, book_id=book_id)
            if number == 0:
                await corpora.update_average(connection, average_length=measure.average_length)
            await weights.create(connection, book_id=book_id)
    await embedding_sets.update_ready(connection, id=created.id)
    await connection.execute("VACUUM ANALYZE")
    return created.id


async def _book(connection: Connection, corpus: Synthetic, number: int, topics: list[int]) -> tuple[UUID, list[UUID]]:
    book_id = await books.replace(
        connection,
        id=ids.new(),
        title=f"Book {number}",
        authors=["Nobody"],
        year=None,
        product_url=None,
        content_hash=sha256(b"%d" % number).digest(),
        now=datetime.now(UTC),
    )
    assert book_id
    chapter_id = ids.new()
    await chapters.load(connection, [(chapter_id, book_id, 0, 1, "All of it")])
    rows = [
        NewChunk(
            id=ids.new(),
            book_id=book_id,
            chapter_id=chapter_id,
            position=position,
            # Each on a page of its own, so that none is left out for its neighbour.
            first_page=position + 1,
            last_page=position + 1,
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


async def _vectors(connection: Connection, set_id: UUID, chunk_ids: list[UUID], rows: NDArray[np.float32]) -> None:
    """In PostgreSQL's binary form: as text, 100,000 of them are three gigabytes."""
    copy = sql.SQL("COPY embeddings (set_id, chunk_id, embedding) FROM STDIN (FORMAT binary)")
    async with connection.cursor() as cursor, cursor.copy(copy) as sent:
        await sent.write(b"".join([_HEAD, *_rows(set_id, chunk_ids, rows.astype(">f2")), _TAIL]))


def _rows(set_id: UUID, chunk_ids: list[UUID], rows: NDArray[np.float16]) -> Iterator[bytes]:
    for chunk_id, row in zip(chunk_ids, rows, strict=True):
        # A halfvec is the number of its dimensions, two bytes that are not used, and its numbers.
        vector = len(row).to_bytes(2) + bytes(2) + row.tobytes()
        fields = (set_id.bytes, chunk_id.bytes, vector)
        yield (3).to_bytes(2) + b"".join(len(field).to_bytes(4) + field for field in fields)
