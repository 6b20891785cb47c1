"""Chapters: what a citation names beside its book."""

from collections.abc import Iterable
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_delete_for_book = Statement("chapters/delete_for_book", NoneType)
_load = Statement("chapters/load", NoneType)


async def delete_for_book(connection: Connection, *, book_id: UUID) -> int:
    return await _delete_for_book.execute(connection, book_id=book_id)


async def load(connection: Connection, rows: Iterable[tuple[UUID, UUID, int, int | None, str]]) -> int:
    """Of each chapter its id, its book's, its place, its number and its title."""
    return await _load.load(connection, rows)
