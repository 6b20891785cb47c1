"""Stems: the words of the corpus as BM25 counts them, each with a dimension of its own."""

from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_add_for_book = Statement("stems/add_for_book", NoneType)
_remove_for_book = Statement("stems/remove_for_book", NoneType)


async def add_for_book(connection: Connection, *, book_id: UUID) -> int:
    return await _add_for_book.execute(connection, book_id=book_id)


async def remove_for_book(connection: Connection, *, book_id: UUID) -> int:
    return await _remove_for_book.execute(connection, book_id=book_id)
