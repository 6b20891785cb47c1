"""Sign-in attempts: their secrets, their cookies, and the path that they return to."""

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
_DOCUMENTATION = frozenset({"/docs", "/redoc"})
_PATH_CHARACTERS = 1000
# One slash, because two slashes begin a host. No backslash, because browsers treat it as a slash.
_PATH = re.compile(r"/(?!/)[^\\\x00-\x20\x7f-\x9f]*")


@dataclass(frozen=True, slots=True)
class Attempt:
    """The secrets of one attempt.

    The callback returns `state`, and the ID token returns `nonce`. The verifier proves to the provider that the code
    is redeemed by the client that asked for it (PKCE).
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
    """Identifies the browser that attempts belong to. A browser can have several attempts, one in each tab.

    The cookie lives longer than an attempt, so that a late callback gets the error "attempt expired".
    """

    base = "plc_sign_in"
    lifetime = timedelta(hours=1)

    def browser_secret(self, headers: list[bytes]) -> str | None:
        """Returns the browser's secret from a request's Cookie headers, or None."""
        value = self.value(headers)
        return value if value is not None and _SECRET.fullmatch(value) else None


class PortalCookie(Cookie):
    """Marks a browser that a provider's portal has just sent here, so that a redirect loop ends."""

    base = "plc_portal"
    lifetime = timedelta(seconds=60)


def secret() -> str:
    """Returns 256 random bits as 43 characters that are safe in a URL and in a cookie."""
    return token_urlsafe(_SECRET_BYTES)


def code_challenge(code_verifier: str) -> str:
    """Returns the SHA-256 of the verifier in base64url without padding (method S256)."""
    return urlsafe_b64encode(sha256(code_verifier.encode("ascii")).digest()).decode().rstrip("=")


def hash_of(value: str) -> bytes:
    """Returns the SHA-256 of a secret, which is stored in its place. Any text from a client is accepted."""
    return sha256(value.encode(errors="surrogatepass")).digest()


def return_path(path: str | None) -> str | None:
    """Returns the path to return to, or None for anything that could lead to another host."""
    if path is None or len(path) > _PATH_CHARACTERS or not _PATH.fullmatch(path):
        return None
    return quote(path, safe="/?#&=%:@!$'()*+,;[]~", errors="replace")


def is_own_page(path: str, *, try_page: bool, documentation: bool) -> bool:
    """Returns True for the pages of this service that a sign-in returns to. Other paths are those of the front end."""
    page = re.split("[?#]", path, maxsplit=1)[0]
    return page.startswith("/passages/") or (try_page and page == "/try") or (documentation and page in _DOCUMENTATION)
