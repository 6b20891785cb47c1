"""Server-sent events: the format of an event, and the offset that a client continues from."""

from enum import StrEnum
from typing import NamedTuple

import msgspec

from plccoach_api.coach.answer import Cited, Delta
from plccoach_api.logs.printable import on_one_line

_encode = msgspec.json.Encoder(decimal_format="number").encode

MEDIA_TYPE = "text/event-stream"
# Clients ignore a comment; proxies see that the connection is alive.
KEEP_ALIVE = b": still here\n\n"

_CITATIONS = 100
_LONGEST_ID = 12


class Event(StrEnum):
    message_start = "message_start"
    content_delta = "content_delta"
    citation = "citation"
    message_complete = "message_complete"
    error = "error"


class StreamOffset(NamedTuple):
    """The part of an answer that was sent. Its id grows with every event, and is the same in every process.

    It counts characters and not events, because another process may cut the answer into other pieces.
    """

    characters: int = 0
    citations: int = 0

    @property
    def id(self) -> int:
        return self.characters * _CITATIONS + self.citations

    @property
    def last_id(self) -> int:
        """The id of the last event of a stream."""
        return self.characters * _CITATIONS + _CITATIONS - 1

    @property
    def is_last(self) -> bool:
        """Returns True for the offset that the id of a stream's last event stands for."""
        return self.citations == _CITATIONS - 1

    def after(self, piece: Delta | Cited) -> "StreamOffset":
        if isinstance(piece, Cited):
            return StreamOffset(self.characters, self.citations + 1)
        return StreamOffset(self.characters + len(piece.text), self.citations)

    @classmethod
    def of(cls, last_event_id: str) -> "StreamOffset | None":
        """Returns None for an id that no event of this service can have."""
        if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= _LONGEST_ID):
            return None
        return cls(*divmod(int(last_event_id), _CITATIONS))


def encode(event: Event, id: int, data: object) -> bytes:
    """Returns one event."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (id, event.encode(), one_line(data))


def one_line(data: object) -> bytes:
    """Returns JSON on one line, so that no text in it can end the event or begin another."""
    return on_one_line(_encode(data))
