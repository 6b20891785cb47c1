"""Lets the pages of the front end's origins, and no others, read our answers with their cookies."""

from litestar.types import Message, Receive, Send

from plccoach_api import problem_details, problems
from plccoach_api.middleware import headers
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_EXPOSED = b"ETag, X-Request-ID, Retry-After, Content-Disposition, Location"
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, X-Request-ID",
    ),
    (b"access-control-max-age", b"600"),
]


class CORS:
    """Exact origins only. `Vary: Origin` stands on every response, or a cache could mix them up."""

    def __init__(self, app: HTTPApp, *, origins: tuple[str, ...]) -> None:
        self.app = app
        self.origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        origin = headers.first(scope["headers"], b"origin")
        allowed = origin if origin in self.origins else None

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = given = list(message["headers"])
                headers.add_to_vary(given, b"Origin")
                if allowed:
                    given += [
                        (b"access-control-allow-origin", allowed),
                        (b"access-control-allow-credentials", b"true"),
                        (b"access-control-expose-headers", _EXPOSED),
                    ]
            await send(message)

        if _is_preflight(scope, origin):
            await _answer_preflight(scope, send_with_cors, granted=allowed is not None)
        else:
            await self.app(scope, receive, send_with_cors)


def _is_preflight(scope: HTTPScope, origin: bytes | None) -> bool:
    return (
        scope["method"] == "OPTIONS"
        and origin is not None
        and headers.first(scope["headers"], b"access-control-request-method") is not None
    )


async def _answer_preflight(scope: HTTPScope, send: Send, *, granted: bool) -> None:
    if not granted:
        await problem_details.send(problems.OriginRefused(), scope, send)
        return
    await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
