"""Acronyms: each with the expansion that a book explains it with."""

from collections.abc import Iterable
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import copy, execute


@copy
async def load(connection: Connection, rows: Iterable[tuple[UUID, str, str, str]]) -> int:
    """Loads rows of a book, an acronym, its expansion, and the stems of the expansion."""


@execute
async def delete_for_book(connection: Connection, *, book_id: UUID) -> int: ...
