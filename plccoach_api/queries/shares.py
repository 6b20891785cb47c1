"""Shares: links to conversations, found by the token's hash before their owner is known."""

from datetime import datetime, timedelta
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class Made(Row, frozen=True):
    expires_at: datetime | None


class Target(Row, frozen=True):
    """The conversation a link leads to, and whose it is."""

    user_id: UUID
    conversation_id: UUID


class Share(Row, frozen=True):
    conversation_id: UUID
    opens: int
    created_at: datetime
    expires_at: datetime | None


_create = Statement("shares/create", Made)
_visit = Statement("shares/visit", Target)
_list_for_user = Statement("shares/list_for_user", Share)
_delete_for_conversation = Statement("shares/delete_for_conversation", NoneType)
_delete_expired = Statement("shares/delete_expired", NoneType)


async def create(
    connection: Connection, *, user_id: UUID, conversation_id: UUID, token_hash: bytes, lifetime: timedelta | None
) -> Made:
    return await _create.one(
        connection, user_id=user_id, conversation_id=conversation_id, token_hash=token_hash, lifetime=lifetime
    )


async def visit(connection: Connection, *, token_hash: bytes, reader_id: UUID, counts: bool) -> Target | None:
    return await _visit.one_or_none(connection, token_hash=token_hash, reader_id=reader_id, counts=counts)


async def list_for_user(connection: Connection, *, user_id: UUID) -> list[Share]:
    return await _list_for_user.all(connection, user_id=user_id)


async def delete_for_conversation(connection: Connection, *, user_id: UUID, conversation_id: UUID) -> int:
    return await _delete_for_conversation.execute(connection, user_id=user_id, conversation_id=conversation_id)


async def delete_expired(connection: Connection, *, limit: int) -> int:
    return await _delete_expired.execute(connection, limit=limit)
