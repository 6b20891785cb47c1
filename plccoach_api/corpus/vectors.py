"""The vectors of one embedder, in the database: staged for passages to come, and made up for those that lack one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from psycopg import sql

from plccoach_api import ids, logs
from plccoach_api.database.pool import Connection
from plccoach_api.embedding.embedder import Embedder, EmbeddingUnavailable, Vector
from plccoach_api.queries import chunks, embedding_sets, embeddings, staged_embeddings
from plccoach_api.queries.embedding_sets import EmbeddingSet
from plccoach_api.rules.embeddings import EXACT, INDEXED_DIMENSIONS, SetState, as_text

_log = logs.get_logger(__name__)

_BATCH = 64
# What a vector takes while its index is made, beside its numbers; an index that does not fit takes far longer.
_INDEXED_BYTES = 1000
_MOST_KILOBYTES = 2 << 20


class Vectors:
    def __init__(self, embedder: Embedder, embedding_set: EmbeddingSet) -> None:
        self._embedder = embedder
        self._set = embedding_set

    @classmethod
    async def of(cls, connection: Connection, embedder: Embedder) -> Self:
        """Begins a set if the model has none. Raises Unavailable."""
        dimensions = len(await embedder.embed_question("How many dimensions?"))
        names = {"provider": embedder.provider, "model": embedder.model}
        found = await embedding_sets.get(connection, **names, dimensions=dimensions)
        if found is None:
            found = await embedding_sets.create(
                connection, id=ids.new(), **names, dimensions=dimensions, now=datetime.now(UTC)
            )
        return cls(embedder, found)

    async def stage(
        self,
        connection: Connection,
        texts: Mapping[bytes, str],
        book_id: UUID | None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Of those texts that have none yet. What was staged stays, whatever happens next. Raises Unavailable."""
        known = await staged_embeddings.list_known(
            connection, set_id=self._set.id, book_id=book_id, content_hashes=[*texts]
        )
        missing = [content_hash for content_hash in texts if content_hash not in set(known)]
        progress(len(texts) - len(missing))
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = await self._embed([texts[content_hash] for content_hash in batch])
            rows = zip(batch, vectors, strict=True)
            await staged_embeddings.load(connection, [(self._set.id, each, as_text(vector)) for each, vector in rows])
            progress(len(batch))

    async def complete(self, connection: Connection, *, exact: int = EXACT) -> None:
        """Gives every passage a vector, after which the set is searched; by an index when it has more than `exact`.

        Raises Unavailable.
        """
        while batch := await chunks.list_unembedded(connection, set_id=self._set.id, limit=_BATCH):
            rows = zip(batch, await self._embed([chunk.content for chunk in batch]), strict=True)
            await embeddings.load(connection, [(self._set.id, chunk.id, as_text(vector)) for chunk, vector in rows])
        if self._set.state is not SetState.ready:
            await embedding_sets.update_ready(connection, id=self._set.id)
        await self._index(connection, exact)

    async def _embed(self, texts: Sequence[str]) -> list[Vector]:
        vectors = await self._embedder.embed(texts)
        if any(len(vector) != self._set.dimensions for vector in vectors):
            raise EmbeddingUnavailable("the embedding service answered vectors of another length than before")
        return vectors

    async def _index(self, connection: Connection, exact: int) -> None:
        """Above some number of vectors looking at each takes too long."""
        dimensions = self._set.dimensions
        if self._set.indexed or (count := await embeddings.count(connection, set_id=self._set.id)) <= exact:
            return
        if dimensions not in INDEXED_DIMENSIONS:
            _log.warning("vectors of this length are searched without an index", dimensions=dimensions)
            return
        name = f"embeddings_{self._set.id.hex}_idx"
        # One whose making was interrupted is there, and invalid.
        await connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(name)))
        memory = min(count * (2 * dimensions + _INDEXED_BYTES) >> 10, _MOST_KILOBYTES)
        await connection.execute(sql.SQL("SET maintenance_work_mem = {}").format(sql.Literal(memory)))
        # Several would share that memory, for which a container has too little room.
        await connection.execute("SET max_parallel_maintenance_workers = 0")
        await connection.execute(
            sql.SQL(
                "CREATE INDEX CONCURRENTLY {} ON embeddings "
                "USING hnsw ((embedding::halfvec({})) halfvec_ip_ops) WHERE set_id = {}"
            ).format(sql.Identifier(name), sql.Literal(dimensions), sql.Literal(str(self._set.id)))
        )
        await embedding_sets.update_indexed(connection, id=self._set.id)
