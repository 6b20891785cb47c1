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


ANSWER_EVENT = (MessageStart, ContentDelta, Citation, MessageComplete, StreamError)
"""The types of an event's data. No two have a required field in common, so a client can tell them apart."""
