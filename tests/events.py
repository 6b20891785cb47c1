"""The parser of server-sent events that all tests share; it follows the HTML standard."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import httpx


class Event(NamedTuple):
    name: str
    id: int
    data: Any


class Comment(str):
    """A line that clients skip. The service sends comments so that proxies keep a silent connection open."""

    __slots__ = ()


Fields = dict[str, str]


def parse(stream: str) -> list[Fields]:
    """The fields of each event in the text of a whole stream."""
    return [message for message in _messages(re.split("\r\n|\r|\n", stream)) if not isinstance(message, Comment)]


def messages(response: httpx.Response) -> Iterator[Event | Comment]:
    """Yields each event and each comment as soon as it arrives."""
    assert response.status_code == 200, response.read()
    for message in _messages(response.iter_lines()):
        yield message if isinstance(message, Comment) else event_of(message)


def events(response: httpx.Response) -> Iterator[Event]:
    """Yields each event as soon as it arrives."""
    return (message for message in messages(response) if isinstance(message, Event))


def event_of(fields: Fields) -> Event:
    return Event(fields["event"], int(fields["id"]), json.loads(fields["data"]))


def name_line(name: str) -> bytes:
    """Returns the line that names an event. A benchmark counts these lines, because parsing would take time."""
    return f"event: {name}".encode()


def _messages(lines: Iterable[str]) -> Iterator[Fields | Comment]:
    fields: Fields = {}
    for line in lines:
        if not line:
            if "data" in fields:
                yield fields
            fields = {}
        elif line.startswith(":"):
            yield Comment(line[1:].strip())
        else:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
