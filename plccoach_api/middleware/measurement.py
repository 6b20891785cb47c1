"""Measures requests by the template of their route: never by a path, which may hold the token of a shared link."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from time import perf_counter
from typing import TypeAlias

from litestar.types import Message, Receive, Send

from plccoach_api import metrics
from plccoach_api.middleware import methods
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_EVENT_STREAM = b"text/event-stream"
_COLLECT_SECONDS = 1.0

_Key: TypeAlias = tuple[bool, str, str | None, int | None]
"""A group of requests: streams or not, method, route and status. It has no status if the client left first."""


class Measurement:
    """Streams have a histogram of their own, because a stream lasts as long as its answer is written.

    Durations are collected for a second: storing each at once costs a request three times as much processor time.
    """

    def __init__(self, app: HTTPApp) -> None:
        self.app = app
        self.durations: defaultdict[_Key, list[float]] = defaultdict(list)

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        status = None
        is_stream = False

        def measured(message: Message) -> Awaitable[None]:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
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
            if not self.durations:
                asyncio.get_running_loop().call_later(_COLLECT_SECONDS, self._store)
            key = (is_stream, scope["method"], scope.get("path_template"), status)
            self.durations[key].append(perf_counter() - started)

    def _store(self) -> None:
        durations, self.durations = self.durations, defaultdict(list)
        for (is_stream, method, route, status), seconds in durations.items():
            histogram = metrics.STREAMS if is_stream else metrics.REQUESTS
            histogram.observe_all(
                seconds,
                methods.known(method),
                route or metrics.UNMATCHED,
                "" if status is None else str(status),
            )
