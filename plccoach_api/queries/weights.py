"""Weights: what each passage earns in BM25 by each of its stems."""

from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_create = Statement("weights/create", NoneType)


async def create(connection: Connection, *, book_id: UUID | None) -> int:
    """Of one book's passages, or of all."""
    return await _create.execute(connection, book_id=book_id)
