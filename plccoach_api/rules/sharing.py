"""The token of a shared link."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Self

_SECRET_BYTES = 32
# 32 bytes in base64url without padding. The last character carries only four bits.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")


@dataclass(frozen=True, slots=True)
class ShareToken:
    """A secret of 256 random bits, which grants read access. Only its SHA-256 is stored."""

    secret: bytes

    @classmethod
    def new(cls) -> Self:
        return cls(token_bytes(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        return cls(urlsafe_b64decode(text + "=")) if _TOKEN.fullmatch(text) else None

    def __str__(self) -> str:
        return urlsafe_b64encode(self.secret).decode().rstrip("=")

    @property
    def hash(self) -> bytes:
        return sha256(self.secret).digest()
