"""Stems: the vocabulary of the corpus, with document frequencies for BM25. Each stem has its own dimension."""

from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute


@execute
async def add_for_book(connection: Connection, *, book_id: UUID) -> int: ...


@execute
async def remove_for_book(connection: Connection, *, book_id: UUID) -> int: ...
