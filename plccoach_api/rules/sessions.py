"""Sessions: their token, the cookie that carries it, and their lifetime."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

from plccoach_api.rules.cookies import Cookie

IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=24)
# The time of the last use is written at most this often, so that most requests write nothing.
TOUCH_EVERY = timedelta(minutes=1)

_SECRET_BYTES = 32
# 16 bytes of the owner's id and 32 bytes of secret, in base64url without padding.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{64}")


@dataclass(frozen=True, slots=True)
class SessionToken:
    """The owner's id and a secret of 256 random bits.

    The id is not secret. The statement that looks up the session needs it, because every statement on a user's rows
    binds the user's id. Only the SHA-256 of the secret is stored.
    """

    user_id: UUID
    secret: bytes

    @classmethod
    def new(cls, user_id: UUID) -> "SessionToken":
        return cls(user_id, token_bytes(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "SessionToken | None":
        if not _TOKEN.fullmatch(text):
            return None
        raw = urlsafe_b64decode(text)
        return cls(UUID(bytes=raw[:16]), raw[16:])

    def __str__(self) -> str:
        return urlsafe_b64encode(self.user_id.bytes + self.secret).decode()

    @property
    def hash(self) -> bytes:
        return sha256(self.secret).digest()


class SessionCookie(Cookie):
    """The cookie that carries the token."""

    base = "plc_session"
    lifetime = LIFETIME

    def token(self, headers: list[bytes]) -> SessionToken | None:
        """Returns the token in a request's Cookie headers; None if it is missing, malformed, or sent twice."""
        value = self.value(headers)
        return SessionToken.parse(value) if value is not None else None
