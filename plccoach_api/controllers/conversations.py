"""A person's own conversations."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import PathParameter, QueryParameter

from plccoach_api import problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.dependencies import Injected
from plccoach_api.queries import conversations, messages
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.cursors import Cursors, Position
from plccoach_api.rules.messages import PREVIEW_CHARACTERS, ConversationStatus
from plccoach_api.structs.conversations import Conversation, ConversationSummary
from plccoach_api.structs.messages import Message
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page

_FIRST_MESSAGES = 100

ConversationId = Annotated[UUID, PathParameter(description="The conversation's id.")]
Status = Annotated[ConversationStatus, QueryParameter(description="Those in use, or those put away.")]


@get(
    "/api/conversations",
    operation_id="listConversations",
    tags=["conversations"],
    summary="My conversations, newest first",
)
async def list_conversations(
    database: Injected[Database],
    user: Injected[SessionUser],
    status: Status = ConversationStatus.active,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[ConversationSummary]:
    cursors = Cursors(user.id, f"conversations?status={status}")
    after = cursors.read(cursor) if cursor else None
    rows = await database.run(
        conversations.list_for_user,
        user_id=user.id,
        status=status,
        before_time=after.time if after else None,
        before_id=after.id if after else None,
        preview_characters=PREVIEW_CHARACTERS,
        limit=limit + 1,
    )
    next_cursor = None
    if len(rows) > limit:
        next_cursor = cursors.write(Position(rows[limit - 1].updated_at, rows[limit - 1].id))
    return Page([ConversationSummary.of(row) for row in rows[:limit]], next_cursor)


@get(
    "/api/conversations/{conversation_id:uuid}",
    operation_id="getConversation",
    tags=["conversations"],
    summary="One conversation with its first messages",
)
async def get_conversation(
    database: Injected[Database], user: Injected[SessionUser], conversation_id: ConversationId
) -> Conversation:
    async def read(connection: Connection) -> Conversation:
        row = await conversations.get(connection, user_id=user.id, id=conversation_id)
        if row is None:
            raise problems.NotFound
        page = await _messages(connection, user, conversation_id, _FIRST_MESSAGES, None)
        return Conversation.of(row, page.items, page.next_cursor)

    return await database.run(read)


@get(
    "/api/conversations/{conversation_id:uuid}/messages",
    operation_id="listMessages",
    tags=["conversations"],
    summary="A conversation's messages, oldest first",
)
async def list_messages(
    database: Injected[Database],
    user: Injected[SessionUser],
    conversation_id: ConversationId,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[Message]:
    async def read(connection: Connection) -> Page[Message]:
        if await conversations.get(connection, user_id=user.id, id=conversation_id) is None:
            raise problems.NotFound
        return await _messages(connection, user, conversation_id, limit, cursor)

    return await database.run(read)


async def _messages(
    connection: Connection, user: SessionUser, conversation_id: UUID, limit: int, cursor: str | None
) -> Page[Message]:
    cursors = Cursors(user.id, f"messages of {conversation_id}")
    after = cursors.read(cursor) if cursor else None
    rows = await messages.list_for_conversation(
        connection,
        user_id=user.id,
        conversation_id=conversation_id,
        after_time=after.time if after else None,
        after_id=after.id if after else None,
        limit=limit + 1,
    )
    next_cursor = None
    if len(rows) > limit:
        next_cursor = cursors.write(Position(rows[limit - 1].created_at, rows[limit - 1].id))
    return Page([Message.of(row) for row in rows[:limit]], next_cursor)


SIGNED_IN = (list_conversations, get_conversation, list_messages)
