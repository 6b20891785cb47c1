"""Determines the client's address for the log, the audit log and the rate limits."""

from collections.abc import Awaitable
from typing import Any

from litestar.types import Receive, Scope, Send

from plccoach_api.middleware import headers
from plccoach_api.middleware.types import HTTPApp, HTTPScope
from plccoach_api.rules import client_address
from plccoach_api.rules.client_address import Network


def of(scope: Scope) -> str | None:
    """Returns the address that the middleware stored in the scope."""
    address: Any = scope.get("client_address")
    return address if isinstance(address, str) else None


class ClientAddress:
    """Stores `client_address` in the scope: the peer's address, or the address that trusted proxies forward."""

    def __init__(self, app: HTTPApp, *, trusted_proxies: tuple[Network, ...]) -> None:
        self.app = app
        self.trusted_proxies = trusted_proxies

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        scope["client_address"] = self._address(scope)  # type: ignore[typeddict-unknown-key]
        return self.app(scope, receive, send)

    def _address(self, scope: HTTPScope) -> str | None:
        peer = scope["client"][0] if scope["client"] else None
        if not self.trusted_proxies or peer is None:
            return peer
        forwarded = b",".join(headers.values(scope["headers"], b"x-forwarded-for"))
        return client_address.resolve(peer, forwarded.decode("latin-1"), self.trusted_proxies)
