"""A name for each request, in its response, its problems and every line it logs."""

import re

import structlog
from litestar.types import Message, Receive, Send
from uuid_utils import uuid7

from plccoach_api.middleware import headers
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_ACCEPTABLE = re.compile(rb"[A-Za-z0-9_-]{8,64}")


class RequestID:
    """Keeps the client's own X-Request-ID if it is a plain word of 8 to 64 characters, else makes one."""

    def __init__(self, app: HTTPApp) -> None:
        self.app = app

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        given = headers.values(scope["headers"], b"x-request-id")
        chosen = given[0] if len(given) == 1 and _ACCEPTABLE.fullmatch(given[0]) else uuid7().hex.encode()
        request_id = scope["request_id"] = chosen.decode()  # type: ignore[typeddict-unknown-key]

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", chosen)]
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        await self.app(scope, receive, send_with_id)
