"""Chapters of the books. A citation names its book and its chapter."""

from collections.abc import Iterable
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import copy, execute


@execute
async def delete_for_book(connection: Connection, *, book_id: UUID) -> int: ...


@copy
async def load(connection: Connection, rows: Iterable[tuple[UUID, UUID, int, int | None, str]]) -> int:
    """Each row is (id, book_id, position, number, title)."""
