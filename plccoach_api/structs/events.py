"""The data of the events of a streamed answer. The data of a `citation` event is the citation itself."""

from uuid import UUID

import msgspec

from plccoach_api.problem_details import ProblemDetails
from plccoach_api.structs.citations import Citation
from plccoach_api.structs.messages import Message


class MessageStart(msgspec.Struct, frozen=True):
    """The question and its pending answer are stored. The text of the answer follows."""

    conversation_id: UUID
    user_message_id: UUID
    message_id: UUID


class ContentDelta(msgspec.Struct, frozen=True):
    """The next part of the text."""

    delta: str


class MessageComplete(msgspec.Struct, frozen=True):
    """The last event of an answer that is complete or stopped: the message as it is stored."""

    message: Message


class StreamError(msgspec.Struct, frozen=True):
    """The last event of an answer that failed."""

    problem: ProblemDetails


class AnswerEvent(msgspec.Struct, frozen=True):
    """The data of each event under the event's name. An event has only the data under its own name."""

    message_start: MessageStart
    content_delta: ContentDelta
    citation: Citation
    message_complete: MessageComplete
    error: StreamError
