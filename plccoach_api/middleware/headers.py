"""Functions that read and change raw ASGI headers."""

from collections.abc import Iterable, MutableSequence
from typing import TypeAlias

RawHeader: TypeAlias = tuple[bytes, bytes]
RawHeaders: TypeAlias = Iterable[RawHeader]


def values(headers: RawHeaders, name: bytes) -> list[bytes]:
    """Returns every value of a header; `name` is in lower case."""
    return [value for key, value in headers if key == name]


def first(headers: RawHeaders, name: bytes) -> bytes | None:
    for key, value in headers:
        if key == name:
            return value
    return None


def bearer(headers: RawHeaders) -> str | None:
    """Returns the token of `Authorization: Bearer`, or None where the header is missing or has another scheme.

    The token of a request that sends several is empty, which no token is.
    """
    sent = [value.partition(b" ") for value in values(headers, b"authorization")]
    tokens = [token.strip().decode("latin-1") for scheme, _, token in sent if scheme.lower() == b"bearer"]
    if not tokens:
        return None
    return tokens[0] if len(tokens) == 1 else ""


def add_to_vary(headers: MutableSequence[tuple[bytes, bytes]], name: bytes) -> None:
    """Adds the name to an existing Vary header, or adds the header."""
    for index, (key, value) in enumerate(headers):
        if key.lower() == b"vary":
            present = {part.strip().lower() for part in value.split(b",")}
            if name.lower() not in present and b"*" not in present:
                headers[index] = (b"vary", value + b", " + name)
            return
    headers.append((b"vary", name))
