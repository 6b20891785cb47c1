"""A parser of `text/event-stream`, which divides the bytes of a response into the data of its events.

It accepts the deviations of services: lines that end with CR, a byte order mark, `data:` without a space, indented or
twice, no blank line after the last event, and a JSON document instead of events. Its time is linear in the bytes,
however they are divided.
"""

import codecs

DONE = b"[DONE]"
_DATA = b"data:"
_LINE_ENDS = (b"\r", b"\n")


class EventStreamParser:
    """Takes the parts of a body, and returns the data lines of each event that is complete.

    The lines are not joined here: some services divide one JSON document into two lines, and others forget the blank
    line between two events.
    """

    def __init__(self) -> None:
        self._line: list[bytes] = []
        self._event: list[bytes] = []
        self._ended_with_carriage_return = False
        self._is_first_line = True
        self._is_document = False

    def feed(self, part: bytes) -> list[list[bytes]]:
        if self._ended_with_carriage_return and part.startswith(b"\n"):
            part = part[1:]
        if not part:
            return []
        self._ended_with_carriage_return = part.endswith(b"\r")
        lines = part.splitlines()
        unfinished = [] if part.endswith(_LINE_ENDS) else [lines.pop()]
        if lines:
            lines[0] = b"".join([*self._line, lines[0]])
            self._line = unfinished
        else:
            self._line += unfinished
        return [event for line in lines if (event := self._read(line))]

    def finish(self) -> list[list[bytes]]:
        """Returns the last event, also when no blank line ended it."""
        events = [self._read(b"".join(self._line)), self._end_event()]
        self._line = []
        return [event for event in events if event]

    def _read(self, line: bytes) -> list[bytes]:
        """Returns an event when the line ends one."""
        if self._is_first_line:
            line = line.removeprefix(codecs.BOM_UTF8)
            self._is_first_line = not line.strip()
            # No field of an event begins with a brace.
            self._is_document = line.lstrip().startswith((b"{", b"["))
        if self._is_document:
            self._event.append(line)
            return []
        field = line.strip()
        if field.startswith(_DATA):
            # Some proxies write the prefix twice.
            return self._read_data(field[len(_DATA) :].lstrip().removeprefix(_DATA).lstrip())
        return [] if field else self._end_event()

    def _read_data(self, data: bytes) -> list[bytes]:
        # Some services send `data:` or `data: ping` to keep the connection open.
        if not self._event and not data.startswith((b"{", b"[")):
            return []
        if data == DONE:
            self._event.append(data)
            return self._end_event()
        # One document cannot go on so. The service forgot the blank line, and the client would wait for the next event.
        is_next_event = data.startswith(b"{") and bool(self._event) and self._event[-1].endswith(b"}")
        event = self._end_event() if is_next_event else []
        self._event.append(data)
        return event

    def _end_event(self) -> list[bytes]:
        event, self._event = self._event, []
        return event
