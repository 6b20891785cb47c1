"""The answers that have begun and have not ended, of all users. Only this small table is read to look for them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, rows


class UnfinishedAnswer(Row, frozen=True):
    id: UUID
    user_id: UUID


@execute
async def create(connection: Connection, *, id: UUID, user_id: UUID) -> None: ...


@rows
async def list_old(connection: Connection, *, older_than: timedelta, limit: int) -> list[UnfinishedAnswer]: ...


@execute
async def delete(connection: Connection, *, ids: Sequence[UUID]) -> None: ...


@execute
async def delete_old(connection: Connection, *, ids: Sequence[UUID], older_than: timedelta) -> None: ...
