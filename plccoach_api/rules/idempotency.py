"""Requests that may be sent again: the same key and the same request mean the same message."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Self

import msgspec

KEY_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Key:
    """A client's key, and the hash of the request that it stands for."""

    text: str
    request_hash: bytes

    @classmethod
    def of(cls, text: str | None, *request: object) -> Self | None:
        """`request` is all that makes it this request and no other: its route, what it names, its body."""
        return cls(text, sha256(msgspec.json.encode(request)).digest()) if text is not None else None
