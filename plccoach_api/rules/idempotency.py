"""Idempotency keys: a request that repeats a key gets the message of the first request."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Self

import msgspec

KEY_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Key:
    """A client's key, and the hash of the request that it was sent with."""

    text: str
    request_hash: bytes

    @classmethod
    def of(cls, text: str | None, *request: object) -> Self | None:
        """Hashes the parts that distinguish the request: its route, its path parameters and its body."""
        return cls(text, sha256(msgspec.json.encode(request)).digest()) if text is not None else None
