"""A name for each request, in its response, its problems and every line it logs."""

import re
from collections.abc import Awaitable

from litestar.types import Receive, Send
from uuid_utils import uuid7

from plccoach_api import logs
from plccoach_api.middleware import headers
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_ACCEPTABLE = re.compile(rb"[A-Za-z0-9_-]{8,64}")


class RequestID:
    """Keeps the client's own X-Request-ID if it is a plain word of 8 to 64 characters, else makes one."""

    def __init__(self, app: HTTPApp) -> None:
        self.app = app

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        given = headers.values(scope["headers"], b"x-request-id")
        acceptable = len(given) == 1 and _ACCEPTABLE.fullmatch(given[0])
        request_id = given[0].decode() if acceptable else uuid7().hex
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]
        logs.request_id.set(request_id)
        return self.app(scope, receive, send)
