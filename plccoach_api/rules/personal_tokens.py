"""Personal tokens, with which a person's programs sign in: their text, their limits, and how the audit records them."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes
from typing import Self
from uuid import UUID

from plccoach_api.rules.roles import AuditAction, Change

MOST_TOKENS = 20
MOST_DAYS = 365
DEFAULT_DAYS = 90
# The time of the last use is written at most this often, so that most requests write nothing.
TOUCH_EVERY = timedelta(minutes=1)

PREFIX = "plc_"
_SECRET_BYTES = 32
_CHECKSUM_BYTES = 6
# The prefix, 16 bytes of the owner's id and 32 bytes of secret, and the checksum, in base64url. No part needs padding,
# so every token has exactly one spelling.
_TOKEN = re.compile(r"(?P<checked>plc_(?P<owner_and_secret>[A-Za-z0-9_-]{64}))(?P<checksum>[A-Za-z0-9_-]{8})")


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """The token of one owner, with 256 random bits. Only its SHA-256 is stored.

    The owner's id is not secret. The statement that looks up the token needs it, because every statement on a user's
    rows binds the user's id. The checksum tells a token from a typo, and from other text in a file, without the
    database.
    """

    user_id: UUID
    text: str = field(repr=False)

    @classmethod
    def new(cls, user_id: UUID) -> Self:
        checked = PREFIX + urlsafe_b64encode(user_id.bytes + token_bytes(_SECRET_BYTES)).decode()
        return cls(user_id, checked + _checksum(checked))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Returns None for a text that is no token, or whose checksum is wrong."""
        found = _TOKEN.fullmatch(text)
        if found is None or found["checksum"] != _checksum(found["checked"]):
            return None
        return cls(UUID(bytes=urlsafe_b64decode(found["owner_and_secret"])[:16]), text)

    @property
    def hash(self) -> bytes:
        return sha256(self.text.encode()).digest()

    @property
    def hint(self) -> str:
        """The end of the token, by which its owner recognises it. It is a part of the checksum, not of the secret."""
        return self.text[-4:]


def _checksum(text: str) -> str:
    """Returns the first bytes of the text's SHA-256, in base64url."""
    return urlsafe_b64encode(sha256(text.encode()).digest()[:_CHECKSUM_BYTES]).decode()


def creation(id: UUID, hint: str) -> Change:
    return Change(AuditAction.token_created, {}, _recorded(id, hint))


def end(id: UUID, hint: str) -> Change:
    return Change(AuditAction.token_ended, _recorded(id, hint), {})


def _recorded(id: UUID, hint: str) -> dict[str, str]:
    """Leaves out the name: the audit outlives the owner's account, and the name is the owner's own words."""
    return {"token_id": str(id), "hint": hint}
