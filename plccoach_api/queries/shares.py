"""Share links to conversations. A link is found by its token's hash, before its owner is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, one_or_none, rows


class NewShare(Row, frozen=True):
    expires_at: datetime | None


class ShareTarget(Row, frozen=True):
    """The conversation that a link opens, and its owner."""

    user_id: UUID
    conversation_id: UUID


class Share(Row, frozen=True):
    conversation_id: UUID
    opens: int
    created_at: datetime
    expires_at: datetime | None


@one
async def create(
    connection: Connection, *, user_id: UUID, conversation_id: UUID, token_hash: bytes, lifetime: timedelta | None
) -> NewShare:
    """Raises UniqueViolation when the conversation has a link."""


@one_or_none
async def get(connection: Connection, *, token_hash: bytes) -> ShareTarget | None: ...


@one_or_none
async def get_for_conversation(connection: Connection, *, user_id: UUID, conversation_id: UUID) -> bytes | None: ...


@rows
async def list_for_conversations(
    connection: Connection, *, user_ids: Sequence[UUID], conversation_ids: Sequence[UUID]
) -> list[bytes]: ...


@rows
async def list_for_user(connection: Connection, *, user_id: UUID) -> list[Share]: ...


@execute
async def delete(connection: Connection, *, token_hashes: Sequence[bytes]) -> None: ...


@execute
async def delete_for_conversation(connection: Connection, *, user_id: UUID, conversation_id: UUID) -> None: ...


@execute
async def delete_expired(connection: Connection, *, limit: int) -> int: ...


async def revoke(connection: Connection, *, user_id: UUID, conversation_id: UUID) -> None:
    """Deletes the link of a conversation if there is one."""
    if await get_for_conversation(connection, user_id=user_id, conversation_id=conversation_id):
        await delete_for_conversation(connection, user_id=user_id, conversation_id=conversation_id)
