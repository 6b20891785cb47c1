"""Weights: each passage's stems with their BM25 weights, without the inverse document frequency."""

from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute, one


@execute
async def create(connection: Connection, *, book_id: UUID | None) -> int:
    """Stores the weights of one book's passages, or of all passages."""


@one
async def is_complete(connection: Connection) -> bool: ...
