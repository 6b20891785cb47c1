"""A person's own conversations."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.datastructures import ResponseHeader
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET

from plccoach_api import ids, problems
from plccoach_api.controllers.messages import page_of
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.conditional import ETAG, UNCHANGED, IfMatch, IfNoneMatch, tagged, unchanged
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import conversations, shares
from plccoach_api.queries.conversations import Conversation as ConversationRow
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules import entity_tags
from plccoach_api.rules.cursors import Cursors, Position, RankedPosition
from plccoach_api.rules.messages import FIRST_MESSAGES, PREVIEW_CHARACTERS, ConversationStatus
from plccoach_api.rules.searching import Words
from plccoach_api.structs.conversations import Conversation, ConversationChanges, ConversationSummary, NewConversation
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page
from plccoach_api.structs.text import NO_NUL

ConversationId = Annotated[UUID, PathParameter(description="The conversation's id.")]
Status = Annotated[ConversationStatus, QueryParameter(description="Those in use, or those put away.")]
Search = Annotated[
    str | None,
    QueryParameter(
        max_length=200,
        pattern=NO_NUL,
        description="Words that all stand in the title or in one message; the last may be only begun. Best first.",
    ),
]


@get(
    "/api/conversations",
    operation_id="listConversations",
    tags=["conversations"],
    summary="My conversations, last used first",
)
async def list_conversations(
    database: Injected[Database],
    user: Injected[SessionUser],
    status: Status = ConversationStatus.active,
    search: Search = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[ConversationSummary]:
    """One that is used, renamed, archived or restored meanwhile moves to the top, where the first page has it."""
    if search and search.strip():
        return await _found(database, user, status, Words.of(search), limit, cursor)
    cursors = Cursors(user.id, f"conversations?status={status}")
    after = cursors.read(cursor) if cursor else None
    rows = await database.run_idempotent(
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


@post(
    "/api/conversations",
    operation_id="createConversation",
    tags=["conversations"],
    summary="Make a conversation to ask in",
    response_headers=[ETAG, ResponseHeader(name="Location", documentation_only=True, description="Where it is.")],
)
async def create_conversation(
    database: Injected[Database],
    user: Injected[SessionUser],
    now: Injected[datetime],
    data: JSONBody[NewConversation],
) -> Response[Conversation]:
    """It is listed from its first question on, and removed after a day without one."""
    new_id = ids.new()
    async with database.transaction() as connection:
        title = data.title.strip() if data.title else None
        await conversations.create_empty(connection, user_id=user.id, id=new_id, title=title, now=now)
        row = await _required(connection, user, new_id)
    content = Conversation.of(row, [], None)
    return tagged(content, _tag(row), status_code=201, Location=f"/api/conversations/{new_id}")


@get(
    "/api/conversations/{conversation_id:uuid}",
    operation_id="getConversation",
    tags=["conversations"],
    summary="One conversation with its first messages",
    response_headers=[ETAG],
    responses=UNCHANGED,
)
async def get_conversation(
    database: Injected[Database],
    user: Injected[SessionUser],
    conversation_id: ConversationId,
    if_none_match: IfNoneMatch = None,
) -> Response[Conversation]:
    """The tag is of all that is shown here, the number of openings of its link among it."""

    async def read(connection: Connection) -> Response[Any]:
        # The tag is read before the messages: should they change in between, it is of an older state, never a newer.
        row = await _required(connection, user, conversation_id)
        if entity_tags.matches(if_none_match, _tag(row)):
            return unchanged(_tag(row))
        return await _whole(connection, user, row)

    return await database.run_idempotent(read)


@patch(
    "/api/conversations/{conversation_id:uuid}",
    operation_id="updateConversation",
    tags=["conversations"],
    summary="Rename a conversation, archive or restore it",
    response_headers=[ETAG],
    problems=[problems.PreconditionFailed],
)
async def update_conversation(
    database: Injected[Database],
    user: Injected[SessionUser],
    now: Injected[datetime],
    conversation_id: ConversationId,
    data: JSONBody[ConversationChanges],
    if_match: IfMatch = None,
) -> Response[Conversation]:
    """With `If-Match`, only if nothing of it has changed since; that its link was opened is no change of it."""
    async with database.transaction() as connection:
        changed = await conversations.update(
            connection,
            user_id=user.id,
            id=conversation_id,
            title=None if data.title is UNSET else data.title.strip(),
            status=None if data.status is UNSET else data.status,
            versions=entity_tags.versions(if_match),
            now=now,
        )
        row = await _required(connection, user, conversation_id)
        if not changed:
            raise problems.PreconditionFailed
        return await _whole(connection, user, row)


@delete(
    "/api/conversations/{conversation_id:uuid}",
    operation_id="deleteConversation",
    tags=["conversations"],
    summary="Delete a conversation for good",
)
async def delete_conversation(
    database: Injected[Database], user: Injected[SessionUser], conversation_id: ConversationId
) -> None:
    """Its messages and its shared link go with it."""
    async with database.transaction() as connection:
        if not await conversations.delete(connection, user_id=user.id, id=conversation_id):
            raise problems.NotFound
        await shares.delete_for_conversation(connection, user_id=user.id, conversation_id=conversation_id)


async def _found(
    database: Database, user: SessionUser, status: ConversationStatus, words: Words, limit: int, cursor: str | None
) -> Page[ConversationSummary]:
    cursors = Cursors(user.id, f"conversations?status={status}&search={words}")
    after = cursors.read_as(RankedPosition, cursor) if cursor else None
    rows = await database.run_idempotent(
        conversations.search,
        user_id=user.id,
        status=status,
        words=str(words),
        after_rank=after.rank if after else None,
        after_id=after.id if after else None,
        preview_characters=PREVIEW_CHARACTERS,
        limit=limit + 1,
    )
    next_cursor = None
    if len(rows) > limit:
        next_cursor = cursors.write(RankedPosition(rows[limit - 1].rank, rows[limit - 1].id))
    return Page([ConversationSummary.found(row, words) for row in rows[:limit]], next_cursor)


async def _required(connection: Connection, user: SessionUser, id: UUID) -> ConversationRow:
    row = await conversations.get(connection, user_id=user.id, id=id)
    if row is None:
        raise problems.NotFound
    return row


async def _whole(connection: Connection, user: SessionUser, row: ConversationRow) -> Response[Any]:
    cursors = Cursors(user.id, f"messages of {row.id}")
    page = await page_of(connection, user.id, row.id, cursors, FIRST_MESSAGES, None)
    return tagged(Conversation.of(row, page.items, page.next_cursor), _tag(row))


def _tag(row: ConversationRow) -> str:
    return entity_tags.of_conversation(row.version, row.share_opens)


SIGNED_IN = (list_conversations, create_conversation, get_conversation, update_conversation, delete_conversation)
