"""Attempts to sign in: their secrets, what binds one to a browser, and where it may end."""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import quote

from plccoach_api.rules.cookies import Cookie

LIFETIME = timedelta(minutes=10)
DEFAULT_PATH = "/dashboard"

_SECRET_BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_PATH_CHARACTERS = 1000
# One slash, for two would begin a host; no backslash, which browsers take for a slash.
_PATH = re.compile(r"/(?!/)[^\\\x00-\x20\x7f-\x9f]*")


@dataclass(frozen=True, slots=True)
class Attempt:
    """The secrets of one attempt.

    `state` comes back in the callback, `nonce` in the ID token, and the verifier proves to the
    provider that who redeems the code is who asked for it (PKCE).
    """

    state: str
    nonce: str
    code_verifier: str

    @classmethod
    def new(cls) -> "Attempt":
        return cls(secret(), secret(), secret())

    @property
    def code_challenge(self) -> str:
        return code_challenge(self.code_verifier)


class AttemptCookie(Cookie):
    """Names the browser that attempts belong to; several may be under way in it, each in a tab of its own.

    It outlives its attempts, so that a late callback is told that it is late.
    """

    base = "plc_sign_in"
    lifetime = timedelta(hours=1)

    def browser(self, headers: list[bytes]) -> str | None:
        value = self.value(headers)
        return value if value is not None and _SECRET.fullmatch(value) else None


class PortalCookie(Cookie):
    """Notes that a provider's portal has just sent this browser here, so that it can't go round for ever."""

    base = "plc_portal"
    lifetime = timedelta(seconds=60)


def secret() -> str:
    """256 random bits, as 43 characters that fit a URL and a cookie."""
    return token_urlsafe(_SECRET_BYTES)


def code_challenge(code_verifier: str) -> str:
    """The verifier's SHA-256 in base64url without padding, as the method S256 has it."""
    return urlsafe_b64encode(sha256(code_verifier.encode("ascii")).digest()).decode().rstrip("=")


def hash_of(value: str) -> bytes:
    """What is stored in the place of a secret; a client may send any text as one."""
    return sha256(value.encode(errors="surrogatepass")).digest()


def path_within(path: str | None) -> str | None:
    """The path of the front end to return to; none for anything that could lead elsewhere."""
    if path is None or len(path) > _PATH_CHARACTERS or not _PATH.fullmatch(path):
        return None
    return quote(path, safe="/?#&=%:@!$'()*+,;[]~", errors="replace")
