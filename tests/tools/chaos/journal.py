"""The journal of a client: the steps of its questions, each written before the client continues, to survive a kill."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import msgspec


class Step(StrEnum):
    sent = "sent"
    """The client sends the question, perhaps not for the first time. It reads the answer from the start."""
    begun = "begun"
    """The service confirmed that the question is stored, and named the message of the answer."""
    read = "read"
    """A part of the answer arrived."""
    ended = "ended"
    """The answer is complete; `text` holds all of it."""
    stopped = "stopped"
    """The service confirmed that the answer is stopped; `text` holds what stays of it."""
    refused = "refused"
    """The service answered with a problem; `text` is its type."""
    torn = "torn"
    """The connection broke."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    step: Step
    number: int
    """The number of the question."""
    text: str = ""
    message_id: UUID | None = None


class Journal:
    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def note(self, step: Step, number: int, text: str = "", message_id: UUID | None = None) -> None:
        os.write(self._file, msgspec.json.encode(Entry(step, number, text, message_id)) + b"\n")


def read(path: Path) -> Iterator[Entry]:
    """Returns every entry. A last line that a kill cut off is skipped."""
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return (msgspec.json.decode(line, type=Entry) for line in lines if line.endswith(b"\n"))
