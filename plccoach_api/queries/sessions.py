"""Sessions: found by the token's owner and hash, never by the token."""

from datetime import datetime, timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one_or_none, rows
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


@execute
async def create(
    connection: Connection, *, user_id: UUID, id: UUID, token_hash: bytes, user_agent: str, lifetime: timedelta
) -> None: ...


@one_or_none
async def get(
    connection: Connection, *, user_id: UUID, token_hash: bytes, idle: timedelta, touch_every: timedelta
) -> SessionUser | None: ...


@rows
async def list_for_user(connection: Connection, *, user_id: UUID, idle: timedelta) -> list[Session]: ...


@rows
async def list_stored_for_user(connection: Connection, *, user_id: UUID) -> list[Session]: ...


@execute
async def touch(connection: Connection, *, user_id: UUID, id: UUID, touch_every: timedelta) -> None: ...


@execute
async def delete(connection: Connection, *, user_id: UUID, token_hash: bytes) -> int: ...


@execute
async def delete_by_id(connection: Connection, *, user_id: UUID, id: UUID) -> int: ...


@execute
async def delete_for_user(connection: Connection, *, user_id: UUID) -> int: ...


@execute
async def delete_expired(connection: Connection, *, idle: timedelta, limit: int) -> int:
    """How many were removed: fewer than `limit` when none are left."""
