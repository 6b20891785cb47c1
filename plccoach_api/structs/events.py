"""What the events of a streamed answer hold. A `citation` event holds the citation itself."""

from uuid import UUID

import msgspec

from plccoach_api.problem_details import ProblemDetails
from plccoach_api.rules.citations import Citation
from plccoach_api.structs.messages import Message


class MessageStart(msgspec.Struct, frozen=True):
    """The question and its answer are stored; the answer's words follow."""

    conversation_id: UUID
    user_message_id: UUID
    message_id: UUID


class ContentDelta(msgspec.Struct, frozen=True):
    """The next words."""

    delta: str


class MessageComplete(msgspec.Struct, frozen=True):
    """The last event of an answer that was finished, or stopped: the message as it is stored."""

    message: Message


class StreamError(msgspec.Struct, frozen=True):
    """The last event of an answer that failed."""

    problem: ProblemDetails


class AnswerEvent(msgspec.Struct, frozen=True):
    """The data of an answer's events, each under its event's name; one event holds one of them."""

    message_start: MessageStart
    content_delta: ContentDelta
    citation: Citation
    message_complete: MessageComplete
    error: StreamError
