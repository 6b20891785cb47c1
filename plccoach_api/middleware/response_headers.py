"""What every response carries: which pages may read it, what it tells a browser not to do, and its request's id."""

from collections.abc import Awaitable

from litestar.types import Message, Receive, Send

from plccoach_api.middleware import cors, headers
from plccoach_api.middleware.headers import RawHeader, RawHeaders
from plccoach_api.middleware.types import HTTPApp, HTTPScope

# Without it a cache could give one origin's page what was made for another's.
_VARY = (b"vary", b"Origin")
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
# A response may bring its own of these: the documentation pages load scripts of ours.
_UNLESS_SET = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_ITS_OWN = frozenset(name for name, _ in (_VARY, *_UNLESS_SET))


class ResponseHeaders:
    """Adds them in one pass, and notes the status in the scope as `status`.

    A layer for each would cost a request more than making its answer.
    """

    def __init__(self, app: HTTPApp, *, origins: tuple[str, ...], production: bool) -> None:
        always = (*_ALWAYS, _HTTPS_ONLY) if production else _ALWAYS
        self.app = app
        self.usual = (_VARY, *always, *_UNLESS_SET)
        self.by_origin = {
            origin.encode(): (_VARY, *cors.granted(origin.encode()), *always, *_UNLESS_SET) for origin in origins
        }

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        origin = headers.first(scope["headers"], b"origin")
        ours = self.usual if origin is None else self.by_origin.get(origin, self.usual)

        def send_with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                scope["status"] = message["status"]  # type: ignore[typeddict-unknown-key]
                request_id: str = scope["request_id"]  # type: ignore[typeddict-item]
                message["headers"] = [*_joined(message["headers"], ours), (b"x-request-id", request_id.encode())]
            return send(message)

        return self.app(scope, receive, send_with_headers)


def _joined(given: RawHeaders, ours: tuple[RawHeader, ...]) -> list[RawHeader]:
    present = _ITS_OWN.intersection([name for name, _ in given])
    if not present:
        return [*given, *ours]
    joined = [*given, *(header for header in ours if header[0] not in present)]
    headers.add_to_vary(joined, b"Origin")
    return joined
