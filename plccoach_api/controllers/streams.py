"""Answers while they are made: as events, and stopped."""

from collections.abc import AsyncGenerator
from typing import Annotated, Final

from litestar import get, post
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter, JSONBody
from litestar.response import Stream

from plccoach_api import problems
from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs.sse import MEDIA_TYPE, StreamOffset
from plccoach_api.coach.runs.start import Question
from plccoach_api.controllers.messages import ASKING, ConversationId, IdempotencyKey, MessageId
from plccoach_api.http.dependencies import Injected
from plccoach_api.problems import FieldError
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.idempotency import Key
from plccoach_api.structs.events import AnswerEvent
from plccoach_api.structs.messages import Message, NewMessage

LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        description="The id of the last event that came. What follows it is sent; without one, all of the answer.",
    ),
]

# A proxy that buffers would make one answer of it.
_UNBUFFERED: Final = {"X-Accel-Buffering": "no"}
_HEADERS = [
    ResponseHeader(name="X-Accel-Buffering", documentation_only=True, description="`no`: proxies pass events at once.")
]
_EVENTS = {MEDIA_TYPE: AnswerEvent}
_DESCRIPTION = (
    "The answer's events, as server-sent events: `message_start`, then `content_delta` and `citation` as they come, "
    "and at last `message_complete`, or `error` with a problem. An event's `data` is what the schema of its name says; "
    "its `id` is a position, the same on every replica. A comment every 15 s keeps the line open."
)


@post(
    "/api/conversations/{conversation_id:uuid}/messages/stream",
    operation_id="streamMessage",
    tags=["coach"],
    summary="Ask in a conversation, and read the answer while it is written",
    status_code=200,
    response_headers=_HEADERS,
    response_description=_DESCRIPTION,
    downloads=_EVENTS,
    problems=ASKING,
)
async def stream_message(
    coach: Injected[Coach],
    user: Injected[SessionUser],
    request_id: Injected[str],
    conversation_id: ConversationId,
    data: JSONBody[NewMessage],
    idempotency_key: IdempotencyKey = None,
) -> Stream:
    """The answer is finished and stored though its client goes away; read on with the message's own stream.

    What is wrong with the question is answered with a problem, before any event. Sent again with the same
    `Idempotency-Key`, the events of the same message are sent again.
    """
    key = Key.of(idempotency_key, "streamMessage", conversation_id, data)
    question = Question(user.id, data.content.strip(), conversation_id, key)
    return _streamed(await coach.stream(question, request_id))


@get(
    "/api/messages/{message_id:uuid}/stream",
    operation_id="followMessage",
    tags=["coach"],
    summary="Read an answer while it is written",
    response_headers=_HEADERS,
    response_description=_DESCRIPTION,
    downloads=_EVENTS,
    problems=[problems.NotAnAnswer],
)
async def follow_message(
    coach: Injected[Coach],
    user: Injected[SessionUser],
    request_id: Injected[str],
    message_id: MessageId,
    last_event_id: LastEventId = None,
) -> Stream:
    """From the start, or from `Last-Event-ID`; also on another replica, and also when it is finished."""
    since = StreamOffset() if last_event_id is None else StreamOffset.of(last_event_id)
    if since is None:
        raise problems.InvalidInput(errors=(FieldError("Last-Event-ID", "Not the id of an event of this service"),))
    return _streamed(await coach.follow(user.id, message_id, since, request_id))


@post(
    "/api/messages/{message_id:uuid}/stop",
    operation_id="stopMessage",
    tags=["coach"],
    summary="Stop an answer",
    status_code=200,
    problems=[problems.NotAnAnswer, problems.InvalidInput],
)
async def stop_message(coach: Injected[Coach], user: Injected[SessionUser], message_id: MessageId) -> Message:
    """What was written stays. One that is finished is answered as it is."""
    return Message.of(await coach.stop(user.id, message_id))


def _streamed(events: AsyncGenerator[bytes, None]) -> Stream:
    return Stream(events, media_type=MEDIA_TYPE, headers=_UNBUFFERED)


SIGNED_IN = (stream_message, follow_message, stop_message)
