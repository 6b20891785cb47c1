"""Embeddings: the vectors of passages, one for each set and passage."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pgvector import HalfVector

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import copy, execute, one, rows


@copy
async def load(connection: Connection, rows: Iterable[tuple[UUID, UUID, HalfVector]]) -> int:
    """Loads rows of a set, a passage and its vector."""


@one
async def count(connection: Connection, *, set_id: UUID) -> int: ...


@execute
async def create_from_staged(connection: Connection, *, book_id: UUID) -> int: ...


@rows
async def nearest(connection: Connection, *, set_id: UUID, embedding: HalfVector) -> list[UUID]:
    """Returns the ids of passages. Compares every vector of the set; the functions by length use an index."""


@rows
async def nearest_in_books(
    connection: Connection, *, set_id: UUID, embedding: HalfVector, book_ids: Sequence[UUID]
) -> list[UUID]: ...


@rows
async def nearest_256(connection: Connection, *, set_id: UUID, embedding: HalfVector) -> list[UUID]: ...


@rows
async def nearest_1536(connection: Connection, *, set_id: UUID, embedding: HalfVector) -> list[UUID]: ...


@rows
async def nearest_3072(connection: Connection, *, set_id: UUID, embedding: HalfVector) -> list[UUID]: ...
