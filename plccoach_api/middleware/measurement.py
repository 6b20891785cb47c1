"""Measures requests by the template of their route: never by a path, which may hold the token of a shared link."""

from collections.abc import Awaitable
from time import perf_counter

from litestar.types import Message, Receive, Send

from plccoach_api import metrics
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
# As the semantic conventions of OpenTelemetry name a method that is none of these.
_OTHER_METHOD = "_OTHER"
_EVENT_STREAM = b"text/event-stream"


class Measurement:
    """Streams have a histogram of their own, because a stream lasts as long as its answer is written."""

    def __init__(self, app: HTTPApp) -> None:
        self.app = app

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        # Stays empty when the client leaves before the response begins.
        status = ""
        is_stream = False

        def measured(message: Message) -> Awaitable[None]:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = str(message["status"])
                for name, value in message["headers"]:
                    if name == b"content-type":
                        is_stream = value.startswith(_EVENT_STREAM)
                        break
                if is_stream:
                    metrics.OPEN_STREAMS.add(1)
            return send(message)

        try:
            await self.app(scope, receive, measured)
        finally:
            if is_stream:
                metrics.OPEN_STREAMS.add(-1)
            histogram = metrics.STREAMS if is_stream else metrics.REQUESTS
            method = scope["method"] if scope["method"] in _METHODS else _OTHER_METHOD
            route = scope.get("path_template") or metrics.UNMATCHED
            histogram.observe(perf_counter() - started, method, route, status)
