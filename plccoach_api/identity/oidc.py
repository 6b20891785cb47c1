"""OpenID Connect's authorization-code flow, as its client. `google.py` and `clever.py` say what differs."""

import asyncio
import time
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import quote_plus, urlencode

import msgspec

from plccoach_api.identity import discovery, id_token, keys
from plccoach_api.identity.cached_document import CachedDocument
from plccoach_api.identity.discovery import Metadata
from plccoach_api.identity.id_token import Expected, invalid
from plccoach_api.identity.keys import Keys
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import Profile, SignInRefused
from plccoach_api.identity.provider_client import Document, ProviderClient, require_document, unavailable
from plccoach_api.settings.environment import Secret

_LONGEST_CODE = 4096
_LONGEST_ACCESS_TOKEN = 8192


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """Our application, as the provider knows it."""

    issuer: str
    client_id: str
    client_secret: Secret
    redirect_uri: str


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What a code was redeemed for. `claims` are those of a verified ID token, if there was one."""

    access_token: str | None
    claims: Document | None


class OpenIDProvider(ABC):
    """One provider, for the life of the application: its documents and keys are kept between sign-ins."""

    scope: ClassVar[str]

    def __init__(self, registration: Registration, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._registration = registration
        self._limits = limits
        self._web = ProviderClient(limits)
        self._metadata = CachedDocument(self._discover, limits, clock)
        self._keys = CachedDocument(self._fetch_keys, limits, clock)

    async def authorization_url(self, *, state: str, nonce: str, code_challenge: str) -> str:
        """Where the browser goes to sign in."""
        metadata = await self._metadata.get()
        parameters = {
            "response_type": "code",
            "client_id": self._registration.client_id,
            "redirect_uri": self._registration.redirect_uri,
            "scope": self.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            **self.parameters(),
        }
        separator = "&" if "?" in metadata.authorization_endpoint else "?"
        return f"{metadata.authorization_endpoint}{separator}{urlencode(parameters)}"

    async def profile(self, *, code: str, code_verifier: str, nonce: str, issuer: str | None) -> Profile:
        """The person whom a callback's code stands for; `issuer` is the callback's `iss`."""
        deadline = asyncio.get_running_loop().time() + self._limits.callback
        try:
            async with asyncio.timeout_at(deadline):
                tokens = await self._redeem(code, code_verifier, nonce, issuer)
                profile = await self.person(tokens)
        except TimeoutError:
            raise unavailable("callback: not done in time") from None
        try:
            async with asyncio.timeout_at(min(deadline, asyncio.get_running_loop().time() + self._limits.extra)):
                return await self.completed(profile, tokens)
        except (TimeoutError, SignInRefused):
            return profile

    async def close(self) -> None:
        await self._metadata.close()
        await self._keys.close()
        await self._web.close()

    def parameters(self) -> dict[str, str]:
        """What the authorization request says beside the protocol's own."""
        return {}

    def issuers(self) -> frozenset[str]:
        """The names by which the provider may call itself in an ID token."""
        return frozenset({self._registration.issuer})

    def without_discovery(self) -> Metadata | None:
        """What to go by when the provider has no discovery document."""
        return None

    @abstractmethod
    async def person(self, tokens: Tokens) -> Profile:
        """Whom the tokens speak of."""

    async def completed(self, profile: Profile, tokens: Tokens) -> Profile:  # noqa: ARG002 - for those who need it
        """The profile with what a sign-in can do without: a failure here is none of the sign-in."""
        return profile

    async def _redeem(self, code: str, code_verifier: str, nonce: str, issuer: str | None) -> Tokens:
        metadata = await self._metadata.get()
        # Before the code goes anywhere: it may be another provider's (RFC 9207).
        if issuer != self._registration.issuer and (issuer is not None or metadata.names_itself):
            raise invalid("callback: iss")
        if not _is_plain(code, _LONGEST_CODE):
            raise invalid("callback: code")
        answer = await self._ask_for_tokens(metadata, code, code_verifier)
        access_token, token = answer.get("access_token"), answer.get("id_token")
        if not isinstance(access_token, str) or not _is_plain(access_token, _LONGEST_ACCESS_TOKEN):
            access_token = None
        if token is None:
            return Tokens(access_token=access_token, claims=None)
        expected = Expected(
            issuers=self.issuers(), client_id=self._registration.client_id, nonce=nonce, access_token=access_token
        )
        return Tokens(access_token=access_token, claims=await self._verify(token, expected))

    async def _ask_for_tokens(self, metadata: Metadata, code: str, code_verifier: str) -> Document:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._registration.redirect_uri,
            "code_verifier": code_verifier,
        }
        client = self._registration.client_id, self._registration.client_secret
        if metadata.takes_basic:
            headers = {"Authorization": _basic(*client)}
        else:
            headers = {}
            form |= {"client_id": client[0], "client_secret": client[1]}
        answer = await self._web.post("token endpoint", metadata.token_endpoint, form, headers)
        if answer.document is not None and answer.document.get("error") == "invalid_grant":
            raise invalid("token endpoint: invalid_grant")
        return require_document("token endpoint", answer)

    async def _verify(self, token: object, expected: Expected) -> Document:
        if not isinstance(token, str):
            raise invalid("ID token: not a text")
        kid = id_token.key_id(token)
        key = (await self._keys.get()).get(kid) or (await self._keys.again()).get(kid)
        if key is None:
            raise invalid("ID token: unknown key")
        return id_token.verify(token, key, expected, now=int(time.time()))

    async def _discover(self) -> Metadata:
        issuer = self._registration.issuer
        answer = await self._web.get("discovery", issuer + discovery.PATH)
        if answer.status == 404 and (metadata := self.without_discovery()):  # noqa: PLR2004 - not found
            return metadata
        return discovery.read(require_document("discovery", answer), issuer)

    async def _fetch_keys(self) -> Keys:
        address = (await self._metadata.get()).jwks_uri
        if address is None:
            raise invalid("ID token: no keys to verify it with")
        return keys.read(require_document("keys", await self._web.get("keys", address)))


def _basic(client_id: str, client_secret: str) -> str:
    """Both are form-encoded first, as OAuth 2.0 has it (RFC 6749, 2.3.1)."""
    return "Basic " + b64encode(f"{quote_plus(client_id)}:{quote_plus(client_secret)}".encode()).decode()


def _is_plain(value: str, longest: int) -> bool:
    """Whether a provider may have made it: visible ASCII, and not endless."""
    return 0 < len(value) <= longest and value.isascii() and value.isprintable()
