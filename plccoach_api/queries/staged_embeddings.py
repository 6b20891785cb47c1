"""Staged embeddings: vectors stored before their passages, so that no vector is paid for twice."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pgvector import HalfVector

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import copy, execute, rows


@copy
async def load(connection: Connection, rows: Iterable[tuple[UUID, bytes, HalfVector]]) -> int:
    """Loads rows of a set, the hash of a passage's text and its vector."""


@rows
async def list_known(
    connection: Connection, *, set_id: UUID, book_id: UUID | None, content_hashes: Sequence[bytes]
) -> list[bytes]: ...


@execute
async def create_for_book(connection: Connection, *, book_id: UUID) -> int: ...


@execute
async def delete(connection: Connection, *, content_hashes: Sequence[bytes]) -> int: ...
