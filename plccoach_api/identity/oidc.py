"""The client of OpenID Connect's authorization-code flow. `google.py` and `clever.py` hold what is specific to them."""

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
from plccoach_api.settings.providers import ProviderSettings

_LONGEST_CODE = 4096
_LONGEST_ACCESS_TOKEN = 8192


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """The tokens that a code was redeemed for. `claims` are the claims of the verified ID token, if there is one."""

    access_token: str | None
    claims: Document | None


class OpenIDProvider(ABC):
    """One provider. It caches the provider's discovery document and keys, so an application needs one instance."""

    scope: ClassVar[str]

    def __init__(
        self,
        settings: ProviderSettings,
        redirect_uri: str,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = settings.issuer
        self._client_id = settings.client_id
        self._client_secret = settings.client_secret
        self._redirect_uri = redirect_uri
        self._limits = limits
        self._client = ProviderClient(limits)
        self._metadata = CachedDocument(self._discover, limits, clock)
        self._keys = CachedDocument(self._fetch_keys, limits, clock)

    async def authorization_url(self, *, state: str, nonce: str, code_challenge: str) -> str:
        """Returns the address that the browser opens to sign in."""
        metadata = await self._metadata.get()
        parameters = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            **self.extra_parameters(),
        }
        separator = "&" if "?" in metadata.authorization_endpoint else "?"
        return f"{metadata.authorization_endpoint}{separator}{urlencode(parameters)}"

    async def profile(self, *, code: str, code_verifier: str, nonce: str, issuer: str | None) -> Profile:
        """Redeems a callback's code for the profile of the person; `issuer` is the callback's `iss`."""
        deadline = asyncio.get_running_loop().time() + self._limits.callback
        try:
            async with asyncio.timeout_at(deadline):
                tokens = await self._redeem(code, code_verifier, nonce, issuer)
                profile = await self.profile_of(tokens)
        except TimeoutError:
            raise unavailable("callback: timeout") from None
        try:
            async with asyncio.timeout_at(min(deadline, asyncio.get_running_loop().time() + self._limits.extra)):
                return await self.enrich(profile, tokens)
        except (TimeoutError, SignInRefused):
            return profile

    async def close(self) -> None:
        await self._metadata.close()
        await self._keys.close()
        await self._client.close()

    def extra_parameters(self) -> dict[str, str]:
        """Returns the provider's own parameters of the authorization request, which the protocol does not define."""
        return {}

    def issuers(self) -> frozenset[str]:
        """Returns the values of `iss` that an ID token of this provider may carry."""
        return frozenset({self._issuer})

    def default_metadata(self) -> Metadata | None:
        """Returns the metadata to use when the provider has no discovery document; None makes the sign-in fail."""
        return None

    @abstractmethod
    async def profile_of(self, tokens: Tokens) -> Profile:
        """Returns the profile of the person to whom the tokens were issued."""

    async def enrich(self, profile: Profile, tokens: Tokens) -> Profile:  # noqa: ARG002 - subclasses use the tokens
        """Returns the profile with optional details. A failure here does not fail the sign-in."""
        return profile

    async def _redeem(self, code: str, code_verifier: str, nonce: str, issuer: str | None) -> Tokens:
        metadata = await self._metadata.get()
        # Checked before the code is sent anywhere, because the code may be another provider's (RFC 9207).
        if issuer != self._issuer and (issuer is not None or metadata.sends_issuer):
            raise invalid("callback: iss")
        if not _is_visible_ascii(code, _LONGEST_CODE):
            raise invalid("callback: code")
        response = await self._request_tokens(metadata, code, code_verifier)
        access_token, token = response.get("access_token"), response.get("id_token")
        if not isinstance(access_token, str) or not _is_visible_ascii(access_token, _LONGEST_ACCESS_TOKEN):
            access_token = None
        if token is None:
            return Tokens(access_token=access_token, claims=None)
        expected = Expected(issuers=self.issuers(), client_id=self._client_id, nonce=nonce, access_token=access_token)
        return Tokens(access_token=access_token, claims=await self._verify(token, expected))

    async def _request_tokens(self, metadata: Metadata, code: str, code_verifier: str) -> Document:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": code_verifier,
        }
        if metadata.basic_authentication:
            headers = {"Authorization": _basic(self._client_id, self._client_secret)}
        else:
            headers = {}
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        response = await self._client.post("token endpoint", metadata.token_endpoint, form, headers)
        if response.document is not None and response.document.get("error") == "invalid_grant":
            raise invalid("token endpoint: invalid_grant")
        return require_document("token endpoint", response)

    async def _verify(self, token: object, expected: Expected) -> Document:
        if not isinstance(token, str):
            raise invalid("ID token: not a text")
        kid = id_token.key_id(token)
        key = (await self._keys.get()).get(kid) or (await self._keys.refresh()).get(kid)
        if key is None:
            raise invalid("ID token: unknown key")
        return id_token.verify(token, key, expected, now=int(time.time()))

    async def _discover(self) -> Metadata:
        response = await self._client.get("discovery", self._issuer + discovery.PATH)
        if response.status == 404 and (metadata := self.default_metadata()):  # noqa: PLR2004 - not found
            return metadata
        return discovery.read(require_document("discovery", response), self._issuer)

    async def _fetch_keys(self) -> Keys:
        address = (await self._metadata.get()).jwks_uri
        if address is None:
            raise invalid("ID token: no keys to verify it with")
        return keys.read(require_document("keys", await self._client.get("keys", address)))


def _basic(client_id: str, client_secret: str) -> str:
    """OAuth 2.0 form-encodes both values before they are encoded as Basic (RFC 6749, 2.3.1)."""
    return "Basic " + b64encode(f"{quote_plus(client_id)}:{quote_plus(client_secret)}".encode()).decode()


def _is_visible_ascii(value: str, longest: int) -> bool:
    """Codes and tokens of a provider are visible ASCII of limited length. Other text is refused before it is sent."""
    return 0 < len(value) <= longest and value.isascii() and value.isprintable()
