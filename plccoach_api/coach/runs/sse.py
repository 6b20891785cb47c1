"""Server-sent events: how an answer's pieces are written, and where a reader that comes back goes on."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from plccoach_api.coach.answer import Cited, Delta
from plccoach_api.rules.citations import Citation

# Some readers of lines break at these, which JSON leaves as they are; CR, LF and NUL it escapes.
_LINE_BREAKS = tuple((char.encode(), f"\\u{ord(char):04x}".encode()) for char in "\x85\u2028\u2029")
_encode = msgspec.json.Encoder(decimal_format="number").encode

MEDIA_TYPE = "text/event-stream"
# A comment, which keeps the line open and which readers overlook.
KEEP_ALIVE = b": still here\n\n"
KEEP_ALIVE_SECONDS = 15.0

_CITATIONS = 100
_LONGEST_ID = 12


class Event(StrEnum):
    message_start = "message_start"
    content_delta = "content_delta"
    citation = "citation"
    message_complete = "message_complete"
    error = "error"


class StreamOffset(NamedTuple):
    """How much of an answer was sent. Its id grows with every event, and means the same to every replica.

    It counts characters and not events, because another replica has the answer in other pieces.
    """

    characters: int = 0
    citations: int = 0

    @property
    def id(self) -> int:
        return self.characters * _CITATIONS + self.citations

    @property
    def last_id(self) -> int:
        """Of the event after which nothing comes."""
        return self.characters * _CITATIONS + _CITATIONS - 1

    def after(self, piece: Delta | Cited) -> "StreamOffset":
        if isinstance(piece, Cited):
            return StreamOffset(self.characters, self.citations + 1)
        return StreamOffset(self.characters + len(piece.text), self.citations)

    @classmethod
    def of(cls, last_event_id: str) -> "StreamOffset | None":
        """None for what no event of ours had for an id."""
        if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= _LONGEST_ID):
            return None
        return cls(*divmod(int(last_event_id), _CITATIONS))


def rest(content: str, citations: Sequence[Citation], since: StreamOffset) -> Iterator[Delta | Cited]:
    """What is still to be sent of an answer as far as it is written."""
    for citation in citations[since.citations :]:
        yield Cited(citation)
    if len(content) > since.characters:
        yield Delta(content[since.characters :])


def encode(event: Event, id: int, data: object) -> bytes:
    """One event. Its data is JSON on one line, so that nothing in it can end the event or begin another."""
    line = _encode(data)
    for raw, escaped in _LINE_BREAKS:
        if raw in line:
            line = line.replace(raw, escaped)
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (id, event.encode(), line)
