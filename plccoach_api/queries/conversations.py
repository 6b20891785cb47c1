"""Conversations. A conversation of another user is simply not found."""

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
    corpus_version: int


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
    """A search result; `found_in` is the text, a message or the title, that matches the words best."""

    found_in: str | None
    rank: float


class SharedConversation(Row, frozen=True):
    title: str | None
    shared_by: str
    created_at: datetime
    updated_at: datetime


class DeletedConversation(Row, frozen=True):
    user_id: UUID
    id: UUID


@execute
async def create(
    connection: Connection, *, user_id: UUID, id: UUID, title: str | None, asked_at: datetime | None, now: datetime
) -> None:
    """Creates a conversation with its first question, or an empty one when `asked_at` is None.

    Raises ForeignKeyViolation when the user has just been deleted.
    """


@one_or_none
async def resume(connection: Connection, *, user_id: UUID, id: UUID, title: str, now: datetime) -> datetime | None:
    """Returns the time of the next question, or None when the user has no such conversation."""


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
    """Changes nothing when the user has no such conversation, or when its version is not one of `versions`."""


@execute
async def touch(connection: Connection, *, user_id: UUID, id: UUID) -> int: ...


@execute
async def delete(connection: Connection, *, user_id: UUID, id: UUID) -> int: ...


@rows
async def delete_expired(
    connection: Connection, *, unused_for: timedelta, archived_for: timedelta, limit: int
) -> list[DeletedConversation]: ...


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
