from collections.abc import AsyncIterator, Iterator

import pytest

from plccoach_api.rules.roles import Provider
from tests.identity.visit import Visitor, visiting
from tests.tools.identity_provider.loopback import LoopbackProvider
from tests.tools.identity_provider.provider import running_provider


@pytest.fixture
def provider() -> Iterator[LoopbackProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
async def google(provider: LoopbackProvider) -> AsyncIterator[Visitor]:
    """Someone who signs in with Google."""
    async with visiting(Provider.google, provider.google_settings()) as visitor:
        yield visitor


@pytest.fixture
async def clever(provider: LoopbackProvider) -> AsyncIterator[Visitor]:
    """Someone who signs in with Clever."""
    provider.become_clever()
    async with visiting(Provider.clever, provider.clever_settings()) as visitor:
        yield visitor
