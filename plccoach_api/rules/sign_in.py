"""The secrets of one attempt to sign in, and what the provider is told of them."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Attempt:
    """256 random bits each.

    `state` comes back in the callback, `nonce` in the ID token, and the verifier proves to the
    provider that who redeems the code is who asked for it (PKCE).
    """

    state: str
    nonce: str
    code_verifier: str

    @classmethod
    def new(cls) -> "Attempt":
        return cls(token_urlsafe(_SECRET_BYTES), token_urlsafe(_SECRET_BYTES), token_urlsafe(_SECRET_BYTES))

    @property
    def code_challenge(self) -> str:
        return code_challenge(self.code_verifier)


def code_challenge(code_verifier: str) -> str:
    """The verifier's SHA-256 in base64url without padding, as the method S256 has it."""
    return urlsafe_b64encode(sha256(code_verifier.encode("ascii")).digest()).decode().rstrip("=")
