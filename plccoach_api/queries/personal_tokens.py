"""Personal tokens, found by their owner and their hash. The token itself is not stored."""

from datetime import datetime, timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, one_or_none, rows
from plccoach_api.queries.users import SignedInUser


class TokenUser(SignedInUser, frozen=True):
    """A token that is still valid, with its owner."""

    token_id: UUID
    touch_due: bool


class StoredToken(Row, frozen=True):
    """A token as its owner sees it."""

    id: UUID
    name: str
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime


class EndedToken(Row, frozen=True):
    id: UUID
    hint: str


@one
async def create(
    connection: Connection, *, user_id: UUID, id: UUID, name: str, token_hash: bytes, hint: str, lifetime: timedelta
) -> StoredToken: ...


@one_or_none
async def get(
    connection: Connection, *, user_id: UUID, token_hash: bytes, touch_every: timedelta
) -> TokenUser | None: ...


@execute
async def touch(connection: Connection, *, user_id: UUID, id: UUID, touch_every: timedelta) -> None: ...


@rows
async def list_for_user(connection: Connection, *, user_id: UUID) -> list[StoredToken]: ...


@rows
async def list_stored_for_user(connection: Connection, *, user_id: UUID) -> list[StoredToken]: ...


@one
async def count_for_user(connection: Connection, *, user_id: UUID) -> int: ...


@one_or_none
async def delete(connection: Connection, *, user_id: UUID, id: UUID) -> EndedToken | None: ...


@rows
async def delete_for_user(connection: Connection, *, user_id: UUID) -> list[EndedToken]: ...


@execute
async def delete_expired(connection: Connection, *, limit: int) -> int:
    """Returns fewer than `limit` when no expired token is left."""
