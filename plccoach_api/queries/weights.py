"""Weights: the BM25 weight of each stem in each passage, without the inverse document frequency."""

from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute


@execute
async def create(connection: Connection, *, book_id: UUID | None) -> int:
    """Stores the weights of one book's passages, or of all passages."""
