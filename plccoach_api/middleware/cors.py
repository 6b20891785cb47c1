"""Cross-origin access: only pages of the configured origins may read responses and send cookies."""

from collections.abc import Awaitable

from litestar.types import Receive, Send

from plccoach_api import problem_details, problems
from plccoach_api.middleware import headers
from plccoach_api.middleware.headers import RawHeader
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_EXPOSED = b"ETag, X-Request-ID, Retry-After, Content-Disposition, Location"
_ALLOWED = (
    b"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, X-Request-ID, "
    b"traceparent, tracestate"
)
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE"),
    (b"access-control-allow-headers", _ALLOWED),
    (b"access-control-max-age", b"600"),
]


def allow_headers(origin: bytes) -> tuple[RawHeader, ...]:
    """Returns the headers that let only pages of this origin read a response."""
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", _EXPOSED),
    )


class Preflight:
    """Answers preflight requests. The origin must match a configured one exactly."""

    def __init__(self, app: HTTPApp, *, origins: tuple[str, ...]) -> None:
        self.app = app
        self.origins = frozenset(origin.encode() for origin in origins)

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["method"] != "OPTIONS":
            return self.app(scope, receive, send)
        origin = headers.first(scope["headers"], b"origin")
        if origin is None or headers.first(scope["headers"], b"access-control-request-method") is None:
            return self.app(scope, receive, send)
        if origin not in self.origins:
            return problem_details.send(problems.OriginRefused(), scope, send)
        return _allow(send)


async def _allow(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
