"""The sign-in providers that are configured for this application."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import Profile
from plccoach_api.rules.roles import Provider
from plccoach_api.settings import Settings
from plccoach_api.settings.providers import CleverSettings, GoogleSettings

if TYPE_CHECKING:
    from plccoach_api.identity.oidc import OpenIDProvider

LABELS = {Provider.google: "Google", Provider.clever: "Clever"}


class SignInProvider:
    """A provider whose client is created at its first use.

    The libraries of the client take about a fifth of a second to load. They are loaded at the first sign-in, so that
    the start does not wait for them, and in a thread, so that other requests do not wait either.
    """

    def __init__(self, provider: Provider, create: "Callable[[], OpenIDProvider]") -> None:
        self.provider = provider
        self.label = LABELS[provider]
        self._create = create
        self._client: OpenIDProvider | None = None
        self._creating = asyncio.Lock()

    async def authorization_url(self, *, state: str, nonce: str, code_challenge: str) -> str:
        """Returns the address that the browser opens to sign in. Raises SignInRefused."""
        client = await self.client()
        return await client.authorization_url(state=state, nonce=nonce, code_challenge=code_challenge)

    async def profile(self, *, code: str, code_verifier: str, nonce: str, issuer: str | None) -> Profile:
        """Redeems a callback's code for a profile; `issuer` is the callback's `iss`. Raises SignInRefused."""
        client = await self.client()
        return await client.profile(code=code, code_verifier=code_verifier, nonce=nonce, issuer=issuer)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def client(self) -> "OpenIDProvider":
        """Returns the client, and creates it at the first call."""
        async with self._creating:
            if self._client is None:
                self._client = await asyncio.to_thread(self._create)
            return self._client


def configured_providers(settings: Settings, limits: Limits | None = None) -> dict[Provider, SignInProvider]:
    """Returns the configured providers in the order in which they are offered."""
    limits = limits or Limits()
    providers: dict[Provider, SignInProvider] = {}
    if settings.google is not None:
        providers[Provider.google] = _google(settings.google, settings.public_url, limits)
    if settings.clever is not None:
        providers[Provider.clever] = _clever(settings.clever, settings.public_url, limits)
    return providers


def redirect_uri(public_url: str, provider: Provider) -> str:
    """Returns the address that the provider redirects to. It comes from PUBLIC_URL, never from a request."""
    return f"{public_url}/auth/{provider}/callback"


def _google(settings: GoogleSettings, public_url: str, limits: Limits) -> SignInProvider:
    def create() -> "OpenIDProvider":
        from plccoach_api.identity.google import Google

        return Google(settings, redirect_uri(public_url, Provider.google), limits)

    return SignInProvider(Provider.google, create)


def _clever(settings: CleverSettings, public_url: str, limits: Limits) -> SignInProvider:
    def create() -> "OpenIDProvider":
        from plccoach_api.identity.clever import Clever

        return Clever(settings, redirect_uri(public_url, Provider.clever), limits)

    return SignInProvider(Provider.clever, create)
