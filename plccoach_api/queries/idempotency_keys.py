"""Idempotency keys. Each key refers to the message of its request, so that a repetition creates no second message."""

from datetime import datetime, timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one_or_none, rows


class KeyUse(Row, frozen=True):
    request_hash: bytes
    message_id: UUID


class StoredKey(Row, frozen=True):
    key: str
    message_id: UUID
    created_at: datetime
    expires_at: datetime


@one_or_none
async def create(
    connection: Connection, *, user_id: UUID, key: str, request_hash: bytes, message_id: UUID, lifetime: timedelta
) -> UUID | None:
    """Returns None when the key is in use. Raises ForeignKeyViolation when the user has just been deleted."""


@one_or_none
async def get(connection: Connection, *, user_id: UUID, key: str) -> KeyUse | None: ...


@rows
async def list_for_user(connection: Connection, *, user_id: UUID) -> list[StoredKey]: ...


@execute
async def delete_expired(connection: Connection, *, limit: int) -> int: ...
