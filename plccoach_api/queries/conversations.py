"""Conversations of one user. Another user's is simply not found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
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


_create = Statement("conversations/create", NoneType)
_create_empty = Statement("conversations/create_empty", NoneType)
_resume = Statement("conversations/resume", datetime)
_update = Statement("conversations/update", NoneType)
_touch = Statement("conversations/touch", NoneType)
_delete = Statement("conversations/delete", NoneType)
_delete_expired = Statement("conversations/delete_expired", Removed)
_get = Statement("conversations/get", Conversation)
_get_shared = Statement("conversations/get_shared", SharedConversation)
_list_for_user = Statement("conversations/list_for_user", ConversationSummary)
_list_ids_for_user = Statement("conversations/list_ids_for_user", UUID)
_count_for_user = Statement("conversations/count_for_user", Counts)
_search = Statement("conversations/search", FoundConversation)


async def create(connection: Connection, *, user_id: UUID, id: UUID, title: str, now: datetime) -> None:
    await _create.execute(connection, user_id=user_id, id=id, title=title, now=now)


async def create_empty(connection: Connection, *, user_id: UUID, id: UUID, title: str | None, now: datetime) -> None:
    await _create_empty.execute(connection, user_id=user_id, id=id, title=title, now=now)


async def resume(connection: Connection, *, user_id: UUID, id: UUID, title: str, now: datetime) -> datetime | None:
    """When the next question of it is asked; None if it is not there, or not this user's."""
    return await _resume.one_or_none(connection, user_id=user_id, id=id, title=title, now=now)


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
    return await _update.execute(
        connection, user_id=user_id, id=id, title=title, status=status, versions=versions, now=now
    )


async def touch(connection: Connection, *, user_id: UUID, id: UUID) -> int:
    return await _touch.execute(connection, user_id=user_id, id=id)


async def delete(connection: Connection, *, user_id: UUID, id: UUID) -> int:
    return await _delete.execute(connection, user_id=user_id, id=id)


async def delete_expired(
    connection: Connection, *, unused_for: timedelta, archived_for: timedelta, limit: int
) -> list[Removed]:
    return await _delete_expired.all(connection, unused_for=unused_for, archived_for=archived_for, limit=limit)


async def get(connection: Connection, *, user_id: UUID, id: UUID) -> Conversation | None:
    return await _get.one_or_none(connection, user_id=user_id, id=id)


async def get_shared(connection: Connection, *, user_id: UUID, id: UUID) -> SharedConversation | None:
    return await _get_shared.one_or_none(connection, user_id=user_id, id=id)


async def list_for_user(
    connection: Connection,
    *,
    user_id: UUID,
    status: ConversationStatus,
    before_time: datetime | None,
    before_id: UUID | None,
    preview_characters: int,
    limit: int,
) -> list[ConversationSummary]:
    return await _list_for_user.all(
        connection,
        user_id=user_id,
        status=status,
        before_time=before_time,
        before_id=before_id,
        preview_characters=preview_characters,
        limit=limit,
    )


async def count_for_user(connection: Connection, *, user_id: UUID) -> Counts:
    return await _count_for_user.one(connection, user_id=user_id)


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
) -> list[FoundConversation]:
    return await _search.all(
        connection,
        user_id=user_id,
        status=status,
        words=words,
        after_rank=after_rank,
        after_id=after_id,
        preview_characters=preview_characters,
        limit=limit,
    )


async def list_ids_for_user(connection: Connection, *, user_id: UUID) -> list[UUID]:
    return await _list_ids_for_user.all(connection, user_id=user_id)
