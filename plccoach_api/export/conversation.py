"""The parts that every export of a conversation has: its header, and the names and times above its messages."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import msgspec

from plccoach_api.rules.messages import MessageRole, MessageStatus
from plccoach_api.structs.messages import Message

UNTITLED = "Conversation"

_SPEAKERS = {MessageRole.user: "You", MessageRole.assistant: "The coach"}
_UNFINISHED = {
    MessageStatus.generating: "still being answered",
    MessageStatus.stopped: "stopped before its end",
    MessageStatus.failed: "not answered",
}

MessagePages = AsyncIterator[Sequence[Message]]
"""The messages, oldest first, page by page. A long conversation is never in memory as a whole."""


class ExportHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The title and the dates above the messages."""

    title: str
    created_at: datetime
    updated_at: datetime
    exported_at: datetime


def dates_line(header: ExportHeader) -> str:
    return (
        f"Begun {_minute(header.created_at)}, last changed {_minute(header.updated_at)}, "
        f"exported {_minute(header.exported_at)}."
    )


def message_heading(message: Message) -> str:
    """Returns the speaker and the time, and why the message is not complete, if it is not."""
    heading = f"{_SPEAKERS[message.role]}, {_minute(message.created_at)}"
    unfinished = _UNFINISHED.get(message.status)
    return f"{heading} ({unfinished})" if unfinished else heading


def _minute(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
