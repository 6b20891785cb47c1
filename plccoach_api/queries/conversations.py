"""Conversations of one user. Another user's is simply not found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, one_or_none, rows
from plccoach_api.rules.messages import ConversationStatus


class Conversation(Row, frozen=True):
    id: UUID
    title: str | None
    status: ConversationStatus
    version: int
    created_at: datetime
    updated_at: datetime
    shared_at: datetime | None
    share_expires_at: datetime | None
    share_opens: int | None


class ConversationSummary(Row, frozen=True):
    id: UUID
    title: str | None
    status: ConversationStatus
    preview: str | None
    message_count: int
    share_enabled: bool
    created_at: datetime
    updated_at: datetime


class Counts(Row, frozen=True):
    conversations: int
    messages: int


class FoundConversation(ConversationSummary, frozen=True):
    """A line of the list that was searched for; `found_in` is the text of it that says most about the words."""

    found_in: str | None
    rank: float


class SharedConversation(Row, frozen=True):
    title: str | None
    shared_by: str
    created_at: datetime
    updated_at: datetime


class Removed(Row, frozen=True):
    """Where a conversation was."""

    user_id: UUID
    id: UUID


@execute
async def create(connection: Connection, *, user_id: UUID, id: UUID, title: str, now: datetime) -> None: ...


@execute
async def create_empty(
    connection: Connection, *, user_id: UUID, id: UUID, title: str | None, now: datetime
) -> None: ...


@one_or_none
async def resume(connection: Connection, *, user_id: UUID, id: UUID, title: str, now: datetime) -> datetime | None:
    """When the next question of it is asked; None if it is not there, or not this user's."""


@execute
async def update(
    connection: Connection,
    *,
    user_id: UUID,
    id: UUID,
    title: str | None,
    status: ConversationStatus | None,
    versions: Sequence[int] | None,
    now: datetime,
) -> int:
    """How many conversations that was: none if it is not there, or of another version than those named."""


@execute
async def touch(connection: Connection, *, user_id: UUID, id: UUID) -> int: ...


@execute
async def delete(connection: Connection, *, user_id: UUID, id: UUID) -> int: ...


@rows
async def delete_expired(
    connection: Connection, *, unused_for: timedelta, archived_for: timedelta, limit: int
) -> list[Removed]: ...


@one_or_none
async def get(connection: Connection, *, user_id: UUID, id: UUID) -> Conversation | None: ...


@one_or_none
async def get_shared(connection: Connection, *, user_id: UUID, id: UUID) -> SharedConversation | None: ...


@rows
async def list_for_user(
    connection: Connection,
    *,
    user_id: UUID,
    status: ConversationStatus,
    before_time: datetime | None,
    before_id: UUID | None,
    preview_characters: int,
    limit: int,
) -> list[ConversationSummary]: ...


@one
async def count_for_user(connection: Connection, *, user_id: UUID) -> Counts: ...


@rows
async def search(
    connection: Connection,
    *,
    user_id: UUID,
    status: ConversationStatus,
    words: str,
    after_rank: float | None,
    after_id: UUID | None,
    preview_characters: int,
    limit: int,
) -> list[FoundConversation]: ...


@rows
async def list_ids_for_user(connection: Connection, *, user_id: UUID) -> list[UUID]: ...
