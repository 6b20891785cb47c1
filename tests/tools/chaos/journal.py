"""What a client noted of its questions, at once and on disk, so that it outlives the client."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import msgspec


class Step(StrEnum):
    sent = "sent"
    """The question goes out, again when it did before: what was read of an answer begins anew."""
    begun = "begun"
    """The service said that the question is stored, and which message will be its answer."""
    read = "read"
    """Some of the answer came."""
    ended = "ended"
    """The answer came to its end; `text` is the whole of it."""
    refused = "refused"
    """A problem came; `text` is its type."""
    torn = "torn"
    """The connection broke."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    step: Step
    number: int
    """Of the question."""
    text: str = ""
    message_id: UUID | None = None
    keyed: bool = False
    """Sent with an Idempotency-Key."""


class Journal:
    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def note(
        self, step: Step, number: int, text: str = "", message_id: UUID | None = None, *, keyed: bool = False
    ) -> None:
        os.write(self._file, msgspec.json.encode(Entry(step, number, text, message_id, keyed)) + b"\n")


def read(path: Path) -> Iterator[Entry]:
    """All that was noted, but for a last line that was not written to its end."""
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return (msgspec.json.decode(line, type=Entry) for line in lines if line.endswith(b"\n"))
