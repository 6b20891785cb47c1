"""Messages of the signed-in person's own conversations."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
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
from plccoach_api.queries import conversations, messages
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules import entity_tags
from plccoach_api.rules.cursors import Cursors
from plccoach_api.rules.idempotency import Key
from plccoach_api.rules.texts import PRINTABLE_ASCII
from plccoach_api.settings import Settings
from plccoach_api.structs.messages import Message, NewMessage
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page

ConversationId = Annotated[UUID, PathParameter(description="The conversation's id.")]
MessageId = Annotated[UUID, PathParameter(description="The message's id.")]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=PRINTABLE_ASCII,
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
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    conversation_id: ConversationId,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[Message]:
    """Returns the oldest messages first."""

    async def read(connection: Connection) -> Page[Message]:
        if await conversations.get(connection, user_id=user.id, id=conversation_id) is None:
            raise problems.NotFound
        cursors = cursors_of_messages(user.id, conversation_id)
        item = partial(Message.of, public_url=settings.public_url)
        return await page_of_messages(connection, user.id, conversation_id, cursors, limit, cursor, item)

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
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    conversation_id: ConversationId,
    data: JSONBody[NewMessage],
    idempotency_key: IdempotencyKey = None,
) -> Response[Message]:
    """Returns the coach's answer. The question is the message before it. An archived conversation becomes active again.

    When the coach is unavailable, the question is stored together with a failed answer. Send the request again with
    the same `Idempotency-Key` to retry that answer.
    """
    key = Key.of(idempotency_key, "postMessage", conversation_id, data)
    row = await coach.ask(Question(user.id, data.content.strip(), conversation_id, key, data.book_ids or None))
    return Response(Message.of(row, settings.public_url), headers={"Location": f"/api/messages/{row.id}"})


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
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    message_id: MessageId,
    if_none_match: IfNoneMatch = None,
) -> Response[Message]:
    """Returns a question or an answer. While an answer is generated, `content` is the part that is stored."""
    row = await database.run_idempotent(messages.get, user_id=user.id, id=message_id)
    if row is None:
        raise problems.NotFound
    body = msgspec.json.encode(Message.of(row, settings.public_url))
    tag = entity_tags.of_bytes(body)
    return unchanged(tag) if entity_tags.matches(if_none_match, tag) else tagged(body, tag)


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
    item: Callable[[MessageRow], Message],
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


SIGNED_IN = (list_messages, post_message, get_message)
