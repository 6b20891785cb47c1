"""Sessions: found by the token's owner and hash, never by the token."""

from datetime import datetime, timedelta
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.roles import Provider, Role


class SessionUser(Row, frozen=True):
    """A session and the person it belongs to: all that a request needs to know of who asks.

    One that is no longer `alive` has ended by itself, and belongs to nobody any more.
    """

    session_id: UUID
    id: UUID
    email: str | None
    name: str
    role: Role
    organization_id: UUID | None
    organization_name: str | None
    sso_provider: Provider
    created_at: datetime
    last_login: datetime | None
    alive: bool
    touch_due: bool


class Session(Row, frozen=True):
    """A session as its owner sees it; `expires_at` is when it ends if it is not used again."""

    id: UUID
    created_at: datetime
    last_accessed_at: datetime
    expires_at: datetime
    user_agent: str


_create = Statement("sessions/create", NoneType)
_get = Statement("sessions/get", SessionUser)
_list_for_user = Statement("sessions/list_for_user", Session)
_list_stored_for_user = Statement("sessions/list_stored_for_user", Session)
_touch = Statement("sessions/touch", NoneType)
_delete = Statement("sessions/delete", NoneType)
_delete_by_id = Statement("sessions/delete_by_id", NoneType)
_delete_for_user = Statement("sessions/delete_for_user", NoneType)
_delete_expired = Statement("sessions/delete_expired", NoneType)


async def create(
    connection: Connection, *, user_id: UUID, id: UUID, token_hash: bytes, user_agent: str, lifetime: timedelta
) -> None:
    await _create.execute(
        connection, user_id=user_id, id=id, token_hash=token_hash, user_agent=user_agent, lifetime=lifetime
    )


async def get(
    connection: Connection, *, user_id: UUID, token_hash: bytes, idle: timedelta, touch_every: timedelta
) -> SessionUser | None:
    return await _get.one_or_none(
        connection, user_id=user_id, token_hash=token_hash, idle=idle, touch_every=touch_every
    )


async def list_for_user(connection: Connection, *, user_id: UUID, idle: timedelta) -> list[Session]:
    return await _list_for_user.all(connection, user_id=user_id, idle=idle)


async def list_stored_for_user(connection: Connection, *, user_id: UUID) -> list[Session]:
    return await _list_stored_for_user.all(connection, user_id=user_id)


async def touch(connection: Connection, *, user_id: UUID, id: UUID, touch_every: timedelta) -> None:
    await _touch.execute(connection, user_id=user_id, id=id, touch_every=touch_every)


async def delete(connection: Connection, *, user_id: UUID, token_hash: bytes) -> int:
    return await _delete.execute(connection, user_id=user_id, token_hash=token_hash)


async def delete_by_id(connection: Connection, *, user_id: UUID, id: UUID) -> int:
    return await _delete_by_id.execute(connection, user_id=user_id, id=id)


async def delete_for_user(connection: Connection, *, user_id: UUID) -> int:
    return await _delete_for_user.execute(connection, user_id=user_id)


async def delete_expired(connection: Connection, *, idle: timedelta, limit: int) -> int:
    """How many were removed: fewer than `limit` when none are left."""
    return await _delete_expired.execute(connection, idle=idle, limit=limit)
