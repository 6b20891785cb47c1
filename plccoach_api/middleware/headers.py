"""Small readings and changes of raw ASGI headers."""

from collections.abc import Iterable, MutableSequence
from typing import TypeAlias

RawHeader: TypeAlias = tuple[bytes, bytes]
RawHeaders: TypeAlias = Iterable[RawHeader]


def values(headers: RawHeaders, name: bytes) -> list[bytes]:
    """Every value of a header; `name` in lower case."""
    return [value for key, value in headers if key == name]


def first(headers: RawHeaders, name: bytes) -> bytes | None:
    for key, value in headers:
        if key == name:
            return value
    return None


def add_to_vary(headers: MutableSequence[tuple[bytes, bytes]], name: bytes) -> None:
    """Joins an existing Vary, which may already hold the name."""
    for index, (key, value) in enumerate(headers):
        if key.lower() == b"vary":
            present = {part.strip().lower() for part in value.split(b",")}
            if name.lower() not in present and b"*" not in present:
                headers[index] = (b"vary", value + b", " + name)
            return
    headers.append((b"vary", name))
