"""Refuses changes that a page of a foreign origin asks for with a visitor's cookies."""

from collections.abc import Awaitable

from litestar.types import Receive, Send

from plccoach_api import problem_details, problems
from plccoach_api.middleware import headers
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginCheck:
    """On unsafe methods `Origin` must be one of ours; where it is not sent, `Sec-Fetch-Site` must not be cross-site.

    A request with neither comes from no browser and passes.
    """

    def __init__(self, app: HTTPApp, *, origins: frozenset[str]) -> None:
        self.app = app
        self.origins = frozenset(origin.encode() for origin in origins)

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["method"] not in _SAFE and not self._acceptable(scope):
            return problem_details.send(problems.OriginRefused(), scope, send)
        return self.app(scope, receive, send)

    def _acceptable(self, scope: HTTPScope) -> bool:
        if origins := headers.values(scope["headers"], b"origin"):
            return all(origin in self.origins for origin in origins)
        return b"cross-site" not in headers.values(scope["headers"], b"sec-fetch-site")
