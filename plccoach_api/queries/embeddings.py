"""Embeddings: the vectors of passages, one for each set and passage.

The nearest passages go from one statement to the next as the text of an array, which nobody has to read.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pgvector import HalfVector

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, copy, execute, one, one_or_none
from plccoach_api.rules.embeddings import IndexKind


class NearestOfSet(Row, frozen=True):
    id: UUID
    index_kind: IndexKind | None
    nearest: str
    """The ids of passages, as PostgreSQL writes an array of them."""


@copy
async def load(connection: Connection, rows: Iterable[tuple[UUID, UUID, HalfVector]]) -> int:
    """Loads rows of a set, a passage and its vector."""


@one
async def count(connection: Connection, *, set_id: UUID) -> int: ...


@execute
async def create_from_staged(connection: Connection, *, book_id: UUID) -> int: ...


@one_or_none
async def nearest(
    connection: Connection, *, provider: str, model: str, dimensions: int, embedding: HalfVector
) -> NearestOfSet | None:
    """Returns None without a ready set. Compares every vector; the functions by kind use the index of a set."""


@one
async def nearest_in_books(
    connection: Connection, *, set_id: UUID, embedding: HalfVector, book_ids: Sequence[UUID]
) -> str: ...


@one
async def nearest_by_values(connection: Connection, *, set_id: UUID, embedding: HalfVector) -> str: ...


@one
async def nearest_by_signs(connection: Connection, *, set_id: UUID, embedding: HalfVector) -> str: ...
