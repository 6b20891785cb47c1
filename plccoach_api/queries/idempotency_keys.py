"""Idempotency keys: which message a client's key has made, so that asking again makes no second one."""

from datetime import datetime, timedelta
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class KeyUse(Row, frozen=True):
    request_hash: bytes
    message_id: UUID


class StoredKey(Row, frozen=True):
    key: str
    message_id: UUID
    created_at: datetime
    expires_at: datetime


_create = Statement("idempotency_keys/create", UUID)
_get = Statement("idempotency_keys/get", KeyUse)
_list_for_user = Statement("idempotency_keys/list_for_user", StoredKey)
_delete_expired = Statement("idempotency_keys/delete_expired", NoneType)


async def create(
    connection: Connection, *, user_id: UUID, key: str, request_hash: bytes, message_id: UUID, lifetime: timedelta
) -> UUID | None:
    """None when the key is taken."""
    return await _create.one_or_none(
        connection, user_id=user_id, key=key, request_hash=request_hash, message_id=message_id, lifetime=lifetime
    )


async def get(connection: Connection, *, user_id: UUID, key: str) -> KeyUse | None:
    return await _get.one_or_none(connection, user_id=user_id, key=key)


async def list_for_user(connection: Connection, *, user_id: UUID) -> list[StoredKey]:
    return await _list_for_user.all(connection, user_id=user_id)


async def delete_expired(connection: Connection, *, limit: int) -> int:
    return await _delete_expired.execute(connection, limit=limit)
