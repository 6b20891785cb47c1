"""A sign-in of one person, in the steps that the controllers take."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager

import pytest

from plccoach_api import settings
from plccoach_api.identity import providers
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import Profile, SignInError, SignInRefused
from plccoach_api.identity.providers import SignInProvider
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sign_in import Attempt
from tests.tools.identity_provider.loopback import LoopbackProvider

IMPATIENT = Limits(call=0.5, callback=2, extra=0.3)


@asynccontextmanager
async def visiting(
    which: Provider, variables: Mapping[str, str], limits: Limits | None = None
) -> AsyncIterator["Visitor"]:
    """Yields a visitor of one provider, which is configured by these environment variables."""
    client = providers.configured_providers(settings.load(variables, None), limits)[which]
    try:
        yield Visitor(client)
    finally:
        await client.close()


class Visitor:
    def __init__(self, client: SignInProvider) -> None:
        self.client = client

    async def authorization_url(self, attempt: Attempt) -> str:
        return await self.client.authorization_url(
            state=attempt.state, nonce=attempt.nonce, code_challenge=attempt.code_challenge
        )

    async def sign_in(self, provider: LoopbackProvider) -> Profile:
        """Signs in: goes to the provider, and redeems the code that it sends back."""
        attempt = Attempt.new()
        callback = provider.sign_in(await self.authorization_url(attempt))
        assert callback["state"] == attempt.state
        return await self.redeem(attempt, callback["code"], callback.get("iss"))

    async def redeem(self, attempt: Attempt, code: str, issuer: str | None) -> Profile:
        return await self.client.profile(
            code=code, code_verifier=attempt.code_verifier, nonce=attempt.nonce, issuer=issuer
        )

    async def refusal(self, provider: LoopbackProvider) -> tuple[SignInError, str]:
        """Returns the reason of a refused sign-in, and its detail for our log."""
        return await refusal_of(self.sign_in(provider))


async def refusal_of(sign_in: Awaitable[object]) -> tuple[SignInError, str]:
    with pytest.raises(SignInRefused) as caught:
        await sign_in
    return caught.value.reason, caught.value.detail
