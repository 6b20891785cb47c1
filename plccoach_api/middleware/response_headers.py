"""Adds the headers that every response carries: cross-origin access, security headers and the request id."""

from collections.abc import Awaitable

from litestar.types import Message, Receive, Send

from plccoach_api.middleware import cors, headers
from plccoach_api.middleware.headers import RawHeader, RawHeaders
from plccoach_api.middleware.refused_origins import RefusedOrigins
from plccoach_api.middleware.types import HTTPApp, HTTPScope

# Without `Vary`, a cache could serve the response for one origin to a page of another origin.
_VARY = (b"vary", b"Origin")
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
# A handler may set its own value of these: the documentation pages need scripts.
_UNLESS_SET = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_OVERRIDABLE = frozenset(name for name, _ in (_VARY, *_UNLESS_SET))


class ResponseHeaders:
    """Adds the headers in one pass, and stores the status in the scope as `status` for the access log."""

    def __init__(self, app: HTTPApp, *, origins: tuple[str, ...], own: frozenset[str], production: bool) -> None:
        """`origins` are those of CORS_ORIGINS. `own` are those whose pages need no such permission to send requests."""
        always = (*_ALWAYS, _HTTPS_ONLY) if production else _ALWAYS
        self.app = app
        self.own = frozenset(origin.encode() for origin in own)
        self.refused = RefusedOrigins()
        self.default = (_VARY, *always, *_UNLESS_SET)
        self.by_origin = {
            origin.encode(): (_VARY, *cors.allow_headers(origin.encode()), *always, *_UNLESS_SET) for origin in origins
        }

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        return self.app(scope, receive, self.adding(scope, send))

    def adding(self, scope: HTTPScope, send: Send) -> Send:
        """Returns a `send` that adds the headers."""
        origin = headers.first(scope["headers"], b"origin")
        added = self.default if origin is None else self._for(origin, scope["method"])

        def send_with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                scope["status"] = int(message["status"])  # type: ignore[typeddict-unknown-key]
                request_id: str = scope["request_id"]  # type: ignore[typeddict-item]
                message["headers"] = [*_merge(message["headers"], added), (b"x-request-id", request_id.encode())]
            return send(message)

        return send_with_headers

    def _for(self, origin: bytes, method: str) -> tuple[RawHeader, ...]:
        added = self.by_origin.get(origin)
        # A page of our own origin sends no preflight, so a preflight shows that the page is of another origin.
        if added is None and (origin not in self.own or method == "OPTIONS"):
            self.refused.report(origin)
        return added or self.default


def _merge(response: RawHeaders, added: tuple[RawHeader, ...]) -> list[RawHeader]:
    present = _OVERRIDABLE.intersection([name for name, _ in response])
    if not present:
        return [*response, *added]
    merged = [*response, *(header for header in added if header[0] not in present)]
    headers.add_to_vary(merged, b"Origin")
    return merged
