"""Conversations of one user. Another user's is simply not found."""

from datetime import datetime
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.messages import ConversationStatus


class Conversation(Row, frozen=True):
    id: UUID
    title: str | None
    status: ConversationStatus
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


_create = Statement("conversations/create", NoneType)
_resume = Statement("conversations/resume", NoneType)
_get = Statement("conversations/get", Conversation)
_list_for_user = Statement("conversations/list_for_user", ConversationSummary)
_count_for_user = Statement("conversations/count_for_user", Counts)


async def create(connection: Connection, *, user_id: UUID, id: UUID, title: str, now: datetime) -> None:
    await _create.execute(connection, user_id=user_id, id=id, title=title, now=now)


async def resume(connection: Connection, *, user_id: UUID, id: UUID, now: datetime) -> int:
    """How many conversations that was: none if it is not there, or not this user's."""
    return await _resume.execute(connection, user_id=user_id, id=id, now=now)


async def get(connection: Connection, *, user_id: UUID, id: UUID) -> Conversation | None:
    return await _get.one_or_none(connection, user_id=user_id, id=id)


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
