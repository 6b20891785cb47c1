"""Messages of a person's own conversations."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter, JSONBody, PathParameter

from plccoach_api import problems
from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs.start import Question
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.conditional import ETAG, UNCHANGED, IfNoneMatch, tagged, unchanged
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import chunks, conversations, messages
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules import entity_tags
from plccoach_api.rules.cursors import Cursors, Position
from plccoach_api.rules.idempotency import Key
from plccoach_api.structs.messages import CitedPassage, Message, NewMessage
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page

ConversationId = Annotated[UUID, PathParameter(description="The conversation's id.")]
MessageId = Annotated[UUID, PathParameter(description="The message's id.")]
CitationNumber = Annotated[str, PathParameter(description="The citation's index.")]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[ -~]+$",
        description="A word of the client's own for this question: sent again with it, it is not asked again. "
        "Kept for a day.",
    ),
]

# What every route that asks the coach can end with.
ASKING = [
    problems.NotFound,
    problems.AnswerInProgress,
    problems.IdempotencyKeyReused,
    problems.TooManyRequests,
    problems.CostCeilingReached,
    problems.CoachUnavailable,
    problems.InvalidInput,
]


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
        cursors = Cursors(user.id, f"messages of {conversation_id}")
        return await page_of(connection, user.id, conversation_id, cursors, limit, cursor)

    return await database.run_idempotent(read)


@post(
    "/api/conversations/{conversation_id:uuid}/messages",
    operation_id="postMessage",
    tags=["coach"],
    summary="Ask in a conversation",
    response_headers=[ResponseHeader(name="Location", documentation_only=True, description="Where the answer is.")],
    problems=ASKING,
)
async def post_message(
    coach: Injected[Coach],
    user: Injected[SessionUser],
    conversation_id: ConversationId,
    data: JSONBody[NewMessage],
    idempotency_key: IdempotencyKey = None,
) -> Response[Message]:
    """Answers with the coach's message; the question is the message before it. An archived conversation is restored.

    When the coach is away, the question is kept with an answer that is marked as failed. Sent again with the same
    `Idempotency-Key`, that answer is tried again in its place.
    """
    key = Key.of(idempotency_key, "postMessage", conversation_id, data)
    row = await coach.ask(Question(user.id, data.content.strip(), conversation_id, key))
    return Response(Message.of(row), headers={"Location": f"/api/messages/{row.id}"})


@get(
    "/api/messages/{message_id:uuid}",
    operation_id="getMessage",
    tags=["conversations"],
    summary="One message",
    response_headers=[ETAG],
    responses=UNCHANGED,
)
async def get_message(
    database: Injected[Database],
    user: Injected[SessionUser],
    message_id: MessageId,
    if_none_match: IfNoneMatch = None,
) -> Response[Message]:
    row = await database.run_idempotent(messages.get, user_id=user.id, id=message_id)
    if row is None:
        raise problems.NotFound
    body = msgspec.json.encode(Message.of(row))
    tag = entity_tags.of_bytes(body)
    return unchanged(tag) if entity_tags.matches(if_none_match, tag) else tagged(body, tag)


@get(
    "/api/messages/{message_id:uuid}/citations/{n:str}",
    operation_id="getCitation",
    tags=["conversations"],
    summary="A citation with the passage around its quote",
)
async def get_citation(
    database: Injected[Database], user: Injected[SessionUser], message_id: MessageId, n: CitationNumber
) -> CitedPassage:
    """404 also when the book has been loaded anew since, and no longer holds the passage."""

    async def read(connection: Connection) -> CitedPassage | None:
        row = await messages.get(connection, user_id=user.id, id=message_id)
        cited = next((each for each in row.citations if str(each.index) == n), None) if row else None
        content = await chunks.get_content(connection, id=cited.chunk_id) if cited else None
        return CitedPassage.of(cited, content) if cited and content else None

    found = await database.run_idempotent(read)
    if found is None:
        raise problems.NotFound
    return found


async def page_of(
    connection: Connection,
    owner_id: UUID,
    conversation_id: UUID,
    cursors: Cursors,
    limit: int,
    cursor: str | None,
    show: Callable[[MessageRow], Message] = Message.of,
) -> Page[Message]:
    """A page of a conversation's messages, for whoever may read it and the cursors are theirs."""
    after = cursors.read(cursor) if cursor else None
    rows = await messages.list_for_conversation(
        connection,
        user_id=owner_id,
        conversation_id=conversation_id,
        after_time=after.time if after else None,
        after_id=after.id if after else None,
        limit=limit + 1,
    )
    next_cursor = None
    if len(rows) > limit:
        next_cursor = cursors.write(Position(rows[limit - 1].created_at, rows[limit - 1].id))
    return Page([show(row) for row in rows[:limit]], next_cursor)


SIGNED_IN = (list_messages, post_message, get_message, get_citation)
