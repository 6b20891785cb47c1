"""Retired passages: they have left their books, and stay readable while an answer cites them.

All passages that leave a book are retired, also those that no answer cites yet: an answer that is generated right now
may cite them when it ends. The daily job deletes those that no answer cites a day later.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.chunks import LoadedChunk
from plccoach_api.queries.statement import execute, rows


@execute
async def create_for_book(
    connection: Connection, *, book_id: UUID, remaining_ids: Sequence[UUID], now: datetime
) -> int: ...


@rows
async def list_for_texts(
    connection: Connection, *, book_identity: bytes, content_hashes: Sequence[bytes]
) -> list[LoadedChunk]: ...


@rows
async def list_ids(connection: Connection, *, after_id: UUID, limit: int) -> list[UUID]: ...


@execute
async def delete(connection: Connection, *, chunk_ids: Sequence[UUID]) -> int: ...


@execute
async def delete_old(connection: Connection, *, chunk_ids: Sequence[UUID], retired_for: timedelta) -> int: ...
