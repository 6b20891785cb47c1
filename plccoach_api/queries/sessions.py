"""Sessions: found by the token's owner and hash, never by the token."""

from datetime import datetime, timedelta
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.roles import Provider, Role


class SessionUser(Row, frozen=True):
    """A session and the person it belongs to: all that a request needs to know of who asks."""

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
    touch_due: bool


_create = Statement("sessions/create", NoneType)
_get = Statement("sessions/get", SessionUser)
_touch = Statement("sessions/touch", NoneType)
_delete = Statement("sessions/delete", NoneType)


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


async def touch(connection: Connection, *, user_id: UUID, id: UUID, touch_every: timedelta) -> None:
    await _touch.execute(connection, user_id=user_id, id=id, touch_every=touch_every)


async def delete(connection: Connection, *, user_id: UUID, token_hash: bytes) -> int:
    return await _delete.execute(connection, user_id=user_id, token_hash=token_hash)
