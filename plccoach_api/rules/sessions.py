"""What a session's token is, how it travels, and how long a session lasts."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=24)
# Written at most this often, so that reading a page does not write a row.
TOUCH_EVERY = timedelta(minutes=1)

_SECRET_BYTES = 32
# 16 bytes of the owner's id and 32 of secret, in base64url without padding.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{64}")


@dataclass(frozen=True, slots=True)
class Token:
    """The owner's id beside a secret of 256 random bits.

    The id is no secret: it lets the look-up name its user, like every other statement on a
    user's rows. Only the SHA-256 of the secret is ever stored.
    """

    user_id: UUID
    secret: bytes

    @classmethod
    def new(cls, user_id: UUID) -> "Token":
        return cls(user_id, token_bytes(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "Token | None":
        if not _TOKEN.fullmatch(text):
            return None
        raw = urlsafe_b64decode(text)
        return cls(UUID(bytes=raw[:16]), raw[16:])

    def __str__(self) -> str:
        return urlsafe_b64encode(self.user_id.bytes + self.secret).decode()

    @property
    def hash(self) -> bytes:
        return sha256(self.secret).digest()


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """The cookie that carries the token; plain only for a developer's http://localhost."""

    secure: bool

    @property
    def name(self) -> str:
        return "__Host-plc_session" if self.secure else "plc_session"

    def set(self, token: Token) -> str:
        return f"{self.name}={token}; {self._attributes}; Max-Age={int(LIFETIME.total_seconds())}"

    def clear(self) -> str:
        return f"{self.name}=; {self._attributes}; Max-Age=0"

    @property
    def _attributes(self) -> str:
        return "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if self.secure else "")

    def token(self, headers: list[bytes]) -> Token | None:
        """The token in a request's Cookie headers; none if it is missing, malformed or given twice."""
        prefix = f"{self.name}="
        parts = [part.strip() for header in headers for part in header.decode("latin-1").split(";")]
        values = [part.removeprefix(prefix) for part in parts if part.startswith(prefix)]
        return Token.parse(values[0]) if len(values) == 1 else None
