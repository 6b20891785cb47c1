"""Embeddings that wait for their passages, so that what was paid for once is not paid for again."""

from collections.abc import Iterable, Sequence
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_load = Statement("staged_embeddings/load", NoneType)
_list_known = Statement("staged_embeddings/list_known", bytes)
_create_for_book = Statement("staged_embeddings/create_for_book", NoneType)
_delete = Statement("staged_embeddings/delete", NoneType)


async def load(connection: Connection, rows: Iterable[tuple[UUID, bytes, str]]) -> int:
    """Of each its set, the hash of its text, and the vector as PostgreSQL reads it."""
    return await _load.load(connection, rows)


async def list_known(
    connection: Connection, *, set_id: UUID, book_id: UUID | None, content_hashes: Sequence[bytes]
) -> list[bytes]:
    return await _list_known.all(connection, set_id=set_id, book_id=book_id, content_hashes=content_hashes)


async def create_for_book(connection: Connection, *, book_id: UUID) -> int:
    return await _create_for_book.execute(connection, book_id=book_id)


async def delete(connection: Connection, *, content_hashes: Sequence[bytes]) -> int:
    return await _delete.execute(connection, content_hashes=content_hashes)
