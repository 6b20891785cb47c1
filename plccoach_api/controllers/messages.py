"""Messages of the signed-in person's own conversations."""

from collections.abc import Callable
from datetime import datetime
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
from plccoach_api.rules.cursors import Cursors
from plccoach_api.rules.idempotency import Key
from plccoach_api.structs.messages import CitedPassage, Message, NewMessage
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page

ConversationId = Annotated[UUID, PathParameter(description="The conversation's id.")]
MessageId = Annotated[UUID, PathParameter(description="The message's id.")]
CitationNumber = Annotated[str, PathParameter(description="The citation's `index`.")]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[ -~]+$",
        description="A key that the client chooses for this question. A request that repeats the key is answered with "
        "the same message, and the question is not asked again. The key is valid for a day.",
    ),
]

# The problems of every route that asks the coach.
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
    summary="List the messages of a conversation",
)
async def list_messages(
    database: Injected[Database],
    user: Injected[SessionUser],
    conversation_id: ConversationId,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[Message]:
    """Returns the oldest messages first."""

    async def read(connection: Connection) -> Page[Message]:
        if await conversations.get(connection, user_id=user.id, id=conversation_id) is None:
            raise problems.NotFound
        cursors = cursors_of_messages(user.id, conversation_id)
        return await page_of_messages(connection, user.id, conversation_id, cursors, limit, cursor)

    return await database.run_idempotent(read)


@post(
    "/api/conversations/{conversation_id:uuid}/messages",
    operation_id="postMessage",
    tags=["coach"],
    summary="Ask the coach in a conversation",
    response_headers=[ResponseHeader(name="Location", documentation_only=True, description="The path of the answer.")],
    problems=ASKING,
)
async def post_message(
    coach: Injected[Coach],
    user: Injected[SessionUser],
    conversation_id: ConversationId,
    data: JSONBody[NewMessage],
    idempotency_key: IdempotencyKey = None,
) -> Response[Message]:
    """Returns the coach's answer. The question is the message before it. An archived conversation becomes active again.

    When the coach is unavailable, the question is stored together with a failed answer. Send the request again with
    the same `Idempotency-Key` to retry that answer.
    """
    key = Key.of(idempotency_key, "postMessage", conversation_id, data)
    row = await coach.ask(Question(user.id, data.content.strip(), conversation_id, key))
    return Response(Message.of(row), headers={"Location": f"/api/messages/{row.id}"})


@get(
    "/api/messages/{message_id:uuid}",
    operation_id="getMessage",
    tags=["conversations"],
    summary="Get a message",
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
    summary="Get a citation with the passage around its quote",
)
async def get_citation(
    database: Injected[Database], user: Injected[SessionUser], message_id: MessageId, n: CitationNumber
) -> CitedPassage:
    """The response is 404 also when the book was loaded again and no longer contains the passage."""

    async def read(connection: Connection) -> CitedPassage | None:
        row = await messages.get(connection, user_id=user.id, id=message_id)
        cited = next((each for each in row.citations if str(each.index) == n), None) if row else None
        content = await chunks.get_content(connection, id=cited.chunk_id) if cited else None
        return CitedPassage.of(cited, content) if cited and content else None

    passage = await database.run_idempotent(read)
    if passage is None:
        raise problems.NotFound
    return passage


def cursors_of_messages(user_id: UUID, conversation_id: UUID) -> Cursors[datetime]:
    """Returns the cursors of the conversation's owner. A reader of a shared link gets other cursors."""
    return Cursors(user_id, f"messages of {conversation_id}", datetime)


async def page_of_messages(
    connection: Connection,
    owner_id: UUID,
    conversation_id: UUID,
    cursors: Cursors[datetime],
    limit: int,
    cursor: str | None,
    item: Callable[[MessageRow], Message] = Message.of,
) -> Page[Message]:
    """Reads a page. The caller has checked that the user of the cursors may read the conversation."""
    after_time, after_id = cursors.read(cursor)
    rows = await messages.list_for_conversation(
        connection,
        user_id=owner_id,
        conversation_id=conversation_id,
        after_time=after_time,
        after_id=after_id,
        limit=limit + 1,
    )
    return Page.of(rows, limit, item, lambda row: cursors.write(row.created_at, row.id))


SIGNED_IN = (list_messages, post_message, get_message, get_citation)
