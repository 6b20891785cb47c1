"""Refuses changes that a page of another origin sends with a user's cookies (cross-site request forgery)."""

from collections.abc import Awaitable

from litestar.types import Receive, Send

from plccoach_api import problem_details, problems
from plccoach_api.middleware import headers
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginCheck:
    """On unsafe methods `Origin` must be allowed; if it is missing, `Sec-Fetch-Site` must not be cross-site.

    A request without both headers does not come from a browser, and passes. So does a request with a token: a browser
    adds no token by itself, and a page of another origin may send one only after a preflight that allowed it.
    """

    def __init__(self, app: HTTPApp, *, origins: frozenset[str]) -> None:
        self.app = app
        self.origins = frozenset(origin.encode() for origin in origins)

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["method"] not in _SAFE and not self._is_allowed(scope) and headers.bearer(scope["headers"]) is None:
            return problem_details.send(problems.OriginRefused(), scope, send)
        return self.app(scope, receive, send)

    def _is_allowed(self, scope: HTTPScope) -> bool:
        if origins := headers.values(scope["headers"], b"origin"):
            return all(origin in self.origins for origin in origins)
        return b"cross-site" not in headers.values(scope["headers"], b"sec-fetch-site")
