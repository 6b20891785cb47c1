"""Reads the events of a stream, as a client does."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx


class Event(NamedTuple):
    name: str
    id: int
    data: Any


def events(response: httpx.Response) -> Iterator[Event]:
    """One at a time, as they come."""
    assert response.status_code == 200, response.read()
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            yield Event(fields["event"], int(fields["id"]), json.loads(fields["data"]))
            fields = {}
