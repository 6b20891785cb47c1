"""Sessions, found by the user and the hash of the token. The token itself is not stored."""

from datetime import datetime, timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one_or_none, rows
from plccoach_api.queries.users import SignedInUser


class SessionUser(SignedInUser, frozen=True):
    """A session with its user. A session that is no longer `alive` has expired, and signs nobody in."""

    session_id: UUID
    alive: bool
    touch_due: bool


class Session(Row, frozen=True):
    """A session as its owner sees it; `expires_at` is the time at which it ends unless it is used before."""

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
    """Returns fewer than `limit` when no expired session is left."""
