"""Gives each request an id, which its response, its problem details and its log lines carry."""

import re
from collections.abc import Awaitable

from litestar.types import Receive, Send
from uuid_utils import uuid7

from plccoach_api.logs import context
from plccoach_api.middleware import headers
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_ACCEPTABLE = re.compile(rb"[A-Za-z0-9_-]{8,64}")


class RequestID:
    """Uses the client's X-Request-ID if it is a plain word of 8 to 64 characters, else creates an id."""

    def __init__(self, app: HTTPApp) -> None:
        self.app = app

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        sent = headers.values(scope["headers"], b"x-request-id")
        acceptable = len(sent) == 1 and _ACCEPTABLE.fullmatch(sent[0])
        request_id = sent[0].decode() if acceptable else uuid7().hex
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]
        context.request_id.set(request_id)
        return self.app(scope, receive, send)
