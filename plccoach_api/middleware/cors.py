"""Cross-origin access: only pages of the configured origins may read responses and send cookies."""

import re
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
    (b"access-control-max-age", b"600"),
]
# The libraries of these protocols send headers of their own, such as X-Stainless-OS. No cookie signs in here.
_PROGRAMS = ("/v1/", "/mcp")
_HEADER_NAMES = re.compile(rb"[A-Za-z0-9, _-]{1,2000}")


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
        return _allow(_allowed_headers(scope), send)


def _allowed_headers(scope: HTTPScope) -> bytes:
    wanted = headers.first(scope["headers"], b"access-control-request-headers")
    if wanted and scope["path"].startswith(_PROGRAMS) and _HEADER_NAMES.fullmatch(wanted):
        return b"%s, %s" % (_ALLOWED, wanted)
    return _ALLOWED


async def _allow(allowed: bytes, send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 204,
            "headers": [*_PREFLIGHT, (b"access-control-allow-headers", allowed)],
        }
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})
