"""The signed-in person's own conversations."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.datastructures import ResponseHeader
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET
from psycopg.errors import ForeignKeyViolation

from plccoach_api import ids, problems
from plccoach_api.controllers.messages import ConversationId, cursors_of_messages, page_of_messages
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.conditional import ETAG, UNCHANGED, IfMatch, IfNoneMatch, tagged, unchanged
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import conversations, shares
from plccoach_api.queries.conversations import Conversation as ConversationRow
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules import entity_tags
from plccoach_api.rules.cursors import Cursors
from plccoach_api.rules.messages import FIRST_MESSAGES, PREVIEW_CHARACTERS, ConversationStatus
from plccoach_api.rules.searching import Words
from plccoach_api.rules.texts import NO_NUL
from plccoach_api.settings import Settings
from plccoach_api.structs.conversations import Conversation, ConversationChanges, ConversationSummary, NewConversation
from plccoach_api.structs.messages import Message
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page

Status = Annotated[ConversationStatus, QueryParameter(description="The status of the conversations to list.")]
Search = Annotated[
    str | None,
    QueryParameter(
        max_length=200,
        pattern=NO_NUL,
        description="Words to search for. The title, or a single message, must contain all of them; the last word may "
        "be incomplete. The best match comes first.",
    ),
]


@get(
    "/api/conversations",
    operation_id="listConversations",
    tags=["conversations"],
    summary="List my conversations",
)
async def list_conversations(
    database: Injected[Database],
    user: Injected[SignedInUser],
    status: Status = ConversationStatus.active,
    search: Search = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[ConversationSummary]:
    """Returns the most recently used conversations first. A search returns the best matches first.

    A conversation that is used, renamed, archived or restored while you page moves to the top of the list. Read the
    first page again to see it there.
    """
    if search and search.strip():
        return await _search(database, user, status, Words.of(search), limit, cursor)
    cursors = Cursors(user.id, f"conversations?status={status}", datetime)
    before_time, before_id = cursors.read(cursor)
    rows = await database.run_idempotent(
        conversations.list_for_user,
        user_id=user.id,
        status=status,
        before_time=before_time,
        before_id=before_id,
        preview_characters=PREVIEW_CHARACTERS,
        limit=limit + 1,
    )
    return Page.of(rows, limit, ConversationSummary.of, lambda row: cursors.write(row.updated_at, row.id))


@post(
    "/api/conversations",
    operation_id="createConversation",
    tags=["conversations"],
    summary="Create a conversation",
    response_headers=[
        ETAG,
        ResponseHeader(name="Location", documentation_only=True, description="The conversation's path."),
    ],
)
async def create_conversation(
    database: Injected[Database],
    user: Injected[SignedInUser],
    now: Injected[datetime],
    data: JSONBody[NewConversation],
) -> Response[Conversation]:
    """Lists show the conversation from its first question on.

    A conversation without a question is deleted after a day.
    """
    new_id = ids.new()
    title = data.title.strip() if data.title else None
    async with database.transaction() as connection:
        try:
            await conversations.create(connection, user_id=user.id, id=new_id, title=title, asked_at=None, now=now)
        except ForeignKeyViolation:
            # The account has been deleted since the request was authenticated.
            raise problems.NotSignedIn from None
        row = await _require(connection, user, new_id)
    content = Conversation.of(row, [], None)
    return tagged(content, _tag(row), status_code=201, Location=f"/api/conversations/{new_id}")


@get(
    "/api/conversations/{conversation_id:uuid}",
    operation_id="getConversation",
    tags=["conversations"],
    summary="Get a conversation with its first messages",
    response_headers=[ETAG],
    responses=UNCHANGED,
)
async def get_conversation(
    database: Injected[Database],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    conversation_id: ConversationId,
    if_none_match: IfNoneMatch = None,
) -> Response[Conversation]:
    """The `ETag` changes with everything that this response shows, including how often the shared link was opened.

    Only the text of an answer that is still generated changes without a new `ETag`: follow its stream instead.
    """

    async def read(connection: Connection) -> Response[Any]:
        # The tag is read before the messages. If a message arrives in between, the tag is too old, so that the
        # next read is not answered with 304; a tag that is too new would hide the message.
        row = await _require(connection, user, conversation_id)
        if entity_tags.matches(if_none_match, _tag(row)):
            return unchanged(_tag(row))
        return await _with_messages(connection, user, row, settings.public_url)

    return await database.run_idempotent(read)


@patch(
    "/api/conversations/{conversation_id:uuid}",
    operation_id="updateConversation",
    tags=["conversations"],
    summary="Rename, archive or restore a conversation",
    response_headers=[ETAG],
    problems=[problems.PreconditionFailed],
)
async def update_conversation(
    database: Injected[Database],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    now: Injected[datetime],
    conversation_id: ConversationId,
    data: JSONBody[ConversationChanges],
    if_match: IfMatch = None,
) -> Response[Conversation]:
    """With `If-Match`, the change is made only if the conversation has not changed since it was read.

    Opening the shared link does not count as a change.
    """
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
        row = await _require(connection, user, conversation_id)
        if not changed:
            raise problems.PreconditionFailed
        return await _with_messages(connection, user, row, settings.public_url)


@delete(
    "/api/conversations/{conversation_id:uuid}",
    operation_id="deleteConversation",
    tags=["conversations"],
    summary="Delete a conversation",
)
async def delete_conversation(
    database: Injected[Database], user: Injected[SignedInUser], conversation_id: ConversationId
) -> None:
    """Deletes its messages and its shared link too. This cannot be undone."""
    async with database.transaction() as connection:
        if not await conversations.delete(connection, user_id=user.id, id=conversation_id):
            raise problems.NotFound
        await shares.revoke(connection, user_id=user.id, conversation_id=conversation_id)


async def _search(
    database: Database, user: SignedInUser, status: ConversationStatus, words: Words, limit: int, cursor: str | None
) -> Page[ConversationSummary]:
    cursors = Cursors(user.id, f"conversations?status={status}&search={words}", float)
    after_rank, after_id = cursors.read(cursor)
    rows = await database.run_idempotent(
        conversations.search,
        user_id=user.id,
        status=status,
        words=str(words),
        after_rank=after_rank,
        after_id=after_id,
        preview_characters=PREVIEW_CHARACTERS,
        limit=limit + 1,
    )
    return Page.of(
        rows,
        limit,
        lambda row: ConversationSummary.with_highlight(row, words),
        lambda row: cursors.write(row.rank, row.id),
    )


async def _require(connection: Connection, user: SignedInUser, id: UUID) -> ConversationRow:
    row = await conversations.get(connection, user_id=user.id, id=id)
    if row is None:
        raise problems.NotFound
    return row


async def _with_messages(
    connection: Connection, user: SignedInUser, row: ConversationRow, public_url: str
) -> Response[Any]:
    cursors = cursors_of_messages(user.id, row.id)
    item = partial(Message.of, public_url=public_url)
    page = await page_of_messages(connection, user.id, row.id, cursors, FIRST_MESSAGES, None, item)
    return tagged(Conversation.of(row, page.items, page.next_cursor), _tag(row))


def _tag(row: ConversationRow) -> str:
    return entity_tags.of_conversation(row.version, row.corpus_version, row.share_opens)


SIGNED_IN = (list_conversations, create_conversation, get_conversation, update_conversation, delete_conversation)
