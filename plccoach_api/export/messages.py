"""Reads the messages of a conversation page by page."""

from collections.abc import AsyncGenerator
from uuid import UUID

from plccoach_api import problems
from plccoach_api.database.pool import Database
from plccoach_api.queries import conversations, messages
from plccoach_api.structs.messages import Message

_PAGE = 100


async def message_pages(
    database: Database, user_id: UUID, conversation_id: UUID, public_url: str
) -> AsyncGenerator[list[Message]]:
    """Holds no connection between two pages, so a slow client holds none either.

    Raises NotFound when the conversation is deleted meanwhile: its first pages alone would look like the whole.
    """
    last = None
    while True:
        rows = await database.run_idempotent(
            messages.list_for_conversation,
            user_id=user_id,
            conversation_id=conversation_id,
            after_time=last.created_at if last else None,
            after_id=last.id if last else None,
            limit=_PAGE,
        )
        if not rows and not await database.run_idempotent(conversations.get, user_id=user_id, id=conversation_id):
            raise problems.NotFound
        yield [Message.of(row, public_url) for row in rows]
        if len(rows) < _PAGE:
            return
        last = rows[-1]
