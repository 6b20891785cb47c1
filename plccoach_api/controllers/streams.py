"""Streams of answers while they are generated, and the request to stop an answer."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody
from litestar.response import Stream
from litestar.status_codes import HTTP_204_NO_CONTENT

from plccoach_api import problems
from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs.sse import MEDIA_TYPE, StreamOffset
from plccoach_api.coach.runs.start import Question
from plccoach_api.controllers.messages import ASKING, ConversationId, IdempotencyKey, MessageId
from plccoach_api.http.dependencies import Injected
from plccoach_api.http.responses import UNBUFFERED
from plccoach_api.problems import FieldError
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.idempotency import Key
from plccoach_api.settings import Settings
from plccoach_api.structs.events import ANSWER_EVENT
from plccoach_api.structs.messages import Message, NewMessage

LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        description="The id of the last event that was received. Without it, the stream starts at the beginning.",
    ),
]

_HEADERS = [
    ResponseHeader(
        name="X-Accel-Buffering", documentation_only=True, description="`no`: proxies pass on each event at once."
    )
]
_EVENTS = {MEDIA_TYPE: ANSWER_EVENT}
_NOTHING_LEFT = {
    HTTP_204_NO_CONTENT: ResponseSpec(
        None, description="`Last-Event-ID` is the id of the last event.", generate_examples=False
    )
}
_DESCRIPTION = (
    "The answer as server-sent events: `message_start`, then `content_delta` and `citation` as they are generated, "
    "and finally `message_complete`, or `error` with a problem. The schema describes an event's `data`, which is JSON. "
    "Its `id` is a position in the answer, the same on every replica. After 15 s without an event, a comment keeps the "
    "connection open."
)


@post(
    "/api/conversations/{conversation_id:uuid}/messages/stream",
    operation_id="streamMessage",
    tags=["coach"],
    summary="Ask in a conversation, and read the answer while it is generated",
    status_code=200,
    response_headers=_HEADERS,
    response_description=_DESCRIPTION,
    downloads=_EVENTS,
    problems=[*ASKING, problems.NotReady],
)
async def stream_message(
    coach: Injected[Coach],
    user: Injected[SignedInUser],
    request_id: Injected[str],
    conversation_id: ConversationId,
    data: JSONBody[NewMessage],
    idempotency_key: IdempotencyKey = None,
) -> Stream:
    """The answer is finished and stored even if the client disconnects: continue with `GET /api/messages/{id}/stream`.

    An invalid question gets a problem and no events. A repetition with the same `Idempotency-Key` gets the events of
    the same message.
    """
    key = Key.of(idempotency_key, "streamMessage", conversation_id, data)
    question = Question(user.id, data.content.strip(), conversation_id, key, data.book_ids or None)
    return _streamed(await coach.stream(question, request_id))


@get(
    "/api/messages/{message_id:uuid}/stream",
    operation_id="followMessage",
    tags=["coach"],
    summary="Read an answer while it is generated",
    response_headers=_HEADERS,
    response_description=_DESCRIPTION,
    responses=_NOTHING_LEFT,
    downloads=_EVENTS,
    problems=[problems.NotAnAnswer],
)
async def follow_message(
    coach: Injected[Coach],
    user: Injected[SignedInUser],
    request_id: Injected[str],
    message_id: MessageId,
    last_event_id: LastEventId = None,
) -> Response[Any]:
    """Starts at the beginning or after `Last-Event-ID`, on any replica, also for an answer that has ended.

    After the last event the response is 204, which ends a browser's EventSource.
    """
    offset = StreamOffset() if last_event_id is None else StreamOffset.of(last_event_id)
    if offset is None:
        raise problems.InvalidInput(
            errors=(FieldError("Last-Event-ID", "This must be the id of an event of this service."),)
        )
    events = await coach.follow(user.id, message_id, offset, request_id)
    return Response(None, status_code=HTTP_204_NO_CONTENT) if events is None else _streamed(events)


@post(
    "/api/messages/{message_id:uuid}/stop",
    operation_id="stopMessage",
    tags=["coach"],
    summary="Stop an answer",
    status_code=200,
    problems=[problems.NotAnAnswer, problems.InvalidInput],
)
async def stop_message(
    coach: Injected[Coach], settings: Injected[Settings], user: Injected[SignedInUser], message_id: MessageId
) -> Message:
    """The text so far stays. An answer that has ended is returned unchanged."""
    return Message.of(await coach.stop(user.id, message_id), settings.public_url)


def _streamed(events: AsyncGenerator[bytes, None]) -> Stream:
    return Stream(events, media_type=MEDIA_TYPE, headers=UNBUFFERED)


SIGNED_IN = (stream_message, follow_message, stop_message)
