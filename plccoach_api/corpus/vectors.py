"""Stores the vectors of one embedder: stages them before a book's passages, or adds them to stored passages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from pgvector import HalfVector
from psycopg import sql
from psycopg.types.numeric import Int4

from plccoach_api import ids, logs
from plccoach_api.database.pool import Connection
from plccoach_api.embedding.embedder import Embedder, EmbeddingUnavailable, Vector
from plccoach_api.queries import chunks, embedding_sets, embeddings, servers, staged_embeddings
from plccoach_api.queries import windows as window_queries
from plccoach_api.queries.embedding_sets import EmbeddingSet
from plccoach_api.rules.embeddings import (
    MOST_DIMENSIONS,
    IndexKind,
    SetState,
    exact_limit,
    has_windows,
    index_kind,
    index_memory,
)
from plccoach_api.rules.windows import windows

_log = logs.get_logger(__name__)

# Its vector shows the length of all. It is embedded as a passage, because a server may load its model for the first
# request, which takes longer than a question may.
LENGTH_PROBE = "How many dimensions?"
_BATCH = 64
# The passages whose windows are stored at once. A passage has about ten.
_WINDOWED = 8

# The expressions of sql/embeddings/nearest_by_values.sql and nearest_by_signs.sql.
_INDEXED = {
    IndexKind.values: sql.SQL("(embedding::halfvec(256)) halfvec_ip_ops"),
    IndexKind.signs: sql.SQL("(binary_quantize(embedding)::bit(4096)) bit_hamming_ops"),
}


class Vectors:
    """Every method raises EmbeddingUnavailable when the embedder fails."""

    def __init__(self, embedder: Embedder, embedding_set: EmbeddingSet) -> None:
        self._embedder = embedder
        self._set = embedding_set

    @classmethod
    async def of(cls, connection: Connection, embedder: Embedder) -> Self:
        """Finds the embedding set of the model, or creates it."""
        [vector] = await embedder.embed([LENGTH_PROBE])
        dimensions = len(vector)
        if dimensions > MOST_DIMENSIONS:
            raise EmbeddingUnavailable(f"vectors of {dimensions} numbers are too long: {MOST_DIMENSIONS} at most")
        names = {"provider": embedder.provider, "model": embedder.model}
        embedding_set = await embedding_sets.get(connection, **names, dimensions=dimensions)
        if embedding_set is None:
            embedding_set = await embedding_sets.create(
                connection, id=ids.new(), **names, dimensions=dimensions, now=datetime.now(UTC)
            )
        return cls(embedder, embedding_set)

    async def stage(
        self,
        connection: Connection,
        texts: Mapping[bytes, str],
        book_id: UUID | None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Stages a vector for each text that has none. Staged vectors stay if the ingest fails later."""
        known = {
            *await staged_embeddings.list_known(
                connection, set_id=self._set.id, book_id=book_id, content_hashes=[*texts]
            )
        }
        missing = [content_hash for content_hash in texts if content_hash not in known]
        progress(len(texts) - len(missing))
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = await self._embed([texts[content_hash] for content_hash in batch])
            rows = zip(batch, vectors, strict=True)
            await staged_embeddings.load(
                connection, [(self._set.id, content_hash, HalfVector([*vector])) for content_hash, vector in rows]
            )
            progress(len(batch))

    async def complete(self, connection: Connection, *, most_exact: int | None = None) -> None:
        """Gives every passage a vector, and marks the set as ready.

        Builds an index over more than `most_exact` vectors; the default is that of rules/embeddings.py.
        """
        after = UUID(int=0)
        while batch := await chunks.list_unembedded(connection, set_id=self._set.id, after=after, limit=_BATCH):
            after = batch[-1].id
            rows = zip(batch, await self._embed([chunk.content for chunk in batch]), strict=True)
            await embeddings.load(
                connection, [(self._set.id, chunk.id, HalfVector([*vector])) for chunk, vector in rows]
            )
        await self._index(connection, exact_limit(self._set.dimensions) if most_exact is None else most_exact)
        if self._set.state is not SetState.ready:
            await embedding_sets.update_ready(connection, id=self._set.id)

    async def add_windows(self, connection: Connection) -> None:
        """Gives every passage windows. A search needs none, and a slow service may take long for them."""
        if not has_windows(self._set.dimensions):
            return
        after = UUID(int=0)
        while batch := await chunks.list_unwindowed(connection, set_id=self._set.id, after=after, limit=_WINDOWED):
            after = batch[-1].id
            spans = [(chunk, span) for chunk in batch for span in windows(chunk.content)]
            vectors = await self._embed([span.of(chunk.content) for chunk, span in spans])
            await window_queries.load(
                connection,
                [
                    (chunk.id, self._set.id, Int4(span.start), Int4(span.end), HalfVector([*vector]))
                    for (chunk, span), vector in zip(spans, vectors, strict=True)
                ],
            )

    async def _embed(self, texts: Sequence[str]) -> list[Vector]:
        vectors = await self._embedder.embed(texts)
        if any(len(vector) != self._set.dimensions for vector in vectors):
            raise EmbeddingUnavailable("the embedding service returned vectors of a different length than before")
        return vectors

    async def _index(self, connection: Connection, most_exact: int) -> None:
        kind = index_kind(self._set.dimensions)
        if kind is IndexKind.signs:
            # Version 0.2 indexed some of these vectors by their values. Its replicas then search without an index.
            await self._drop_index(connection, IndexKind.values)
        if self._set.index_kind or (count := await embeddings.count(connection, set_id=self._set.id)) <= most_exact:
            return
        if kind is None:
            _log.warning("no index for vectors of this length", dimensions=self._set.dimensions)
            return
        await self._create_index(connection, kind, count)
        await embedding_sets.update_index(connection, id=self._set.id, index_kind=kind)

    async def _create_index(self, connection: Connection, kind: IndexKind, count: int) -> None:
        # An interrupted ingest leaves an invalid index.
        await self._drop_index(connection, kind)
        [allowed] = await servers.list_session_settings(connection, names=["maintenance_work_mem"])
        memory = index_memory(count, allowed=int(allowed.setting))
        await connection.execute(sql.SQL("SET maintenance_work_mem = {}").format(sql.Literal(memory)))
        # Parallel workers would need that much shared memory, and a container has little.
        await connection.execute("SET max_parallel_maintenance_workers = 0")
        await connection.execute(
            sql.SQL(
                "CREATE INDEX CONCURRENTLY {} ON embeddings "
                "USING hnsw ({}) WITH (ef_construction = 200) WHERE set_id = {}"
            ).format(self._index_name(kind), _INDEXED[kind], sql.Literal(str(self._set.id)))
        )
        await connection.execute("RESET maintenance_work_mem")

    async def _drop_index(self, connection: Connection, kind: IndexKind) -> None:
        await connection.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(self._index_name(kind)))

    def _index_name(self, kind: IndexKind) -> sql.Identifier:
        suffix = "_signs" if kind is IndexKind.signs else ""
        return sql.Identifier(f"embeddings_{self._set.id.hex}{suffix}_idx")
