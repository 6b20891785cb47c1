"""Embeddings: where the meaning of a passage lies, as one model sees it."""

from collections.abc import Iterable
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_load = Statement("embeddings/load", NoneType)
_count = Statement("embeddings/count", int)
_create_from_staged = Statement("embeddings/create_from_staged", NoneType)


async def load(connection: Connection, rows: Iterable[tuple[UUID, UUID, str]]) -> int:
    """Of each its set, its passage, and the vector as PostgreSQL reads it."""
    return await _load.load(connection, rows)


async def count(connection: Connection, *, set_id: UUID) -> int:
    return await _count.one(connection, set_id=set_id)


async def create_from_staged(connection: Connection, *, book_id: UUID) -> int:
    return await _create_from_staged.execute(connection, book_id=book_id)
