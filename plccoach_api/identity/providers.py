"""The sign-in providers of an application, as its controllers meet them."""

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
    """A provider that is made at its first use.

    Its libraries take about a fifth of a second to load: a start does not wait for that, and a thread
    does it, so that no other request waits either.
    """

    def __init__(self, provider: Provider, make: "Callable[[], OpenIDProvider]") -> None:
        self.provider = provider
        self.label = LABELS[provider]
        self._make = make
        self._made: OpenIDProvider | None = None
        self._making = asyncio.Lock()

    async def authorization_url(self, *, state: str, nonce: str, code_challenge: str) -> str:
        """Where the browser goes to sign in; raises SignInRefused when the provider cannot be reached."""
        protocol = await self._protocol()
        return await protocol.authorization_url(state=state, nonce=nonce, code_challenge=code_challenge)

    async def profile(self, *, code: str, code_verifier: str, nonce: str, issuer: str | None) -> Profile:
        """The person whom a callback's code stands for; `issuer` is the callback's `iss`. Raises SignInRefused."""
        protocol = await self._protocol()
        return await protocol.profile(code=code, code_verifier=code_verifier, nonce=nonce, issuer=issuer)

    async def close(self) -> None:
        if self._made is not None:
            await self._made.close()

    async def _protocol(self) -> "OpenIDProvider":
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
            return self._made


def configured(settings: Settings, limits: Limits | None = None) -> dict[Provider, SignInProvider]:
    """Those at which our application is registered, in the order in which they are offered."""
    limits = limits or Limits()
    providers: dict[Provider, SignInProvider] = {}
    if settings.google is not None:
        providers[Provider.google] = _google(settings.google, settings.public_url, limits)
    if settings.clever is not None:
        providers[Provider.clever] = _clever(settings.clever, settings.public_url, limits)
    return providers


def redirect_uri(public_url: str, provider: Provider) -> str:
    """Where the provider sends the browser back to: made from PUBLIC_URL, never from a request."""
    return f"{public_url}/auth/{provider}/callback"


def _google(settings: GoogleSettings, public_url: str, limits: Limits) -> SignInProvider:
    def make() -> "OpenIDProvider":
        from plccoach_api.identity.google import Google

        return Google(settings, redirect_uri(public_url, Provider.google), limits)

    return SignInProvider(Provider.google, make)


def _clever(settings: CleverSettings, public_url: str, limits: Limits) -> SignInProvider:
    def make() -> "OpenIDProvider":
        from plccoach_api.identity.clever import Clever

        return Clever(settings, redirect_uri(public_url, Provider.clever), limits)

    return SignInProvider(Provider.clever, make)
