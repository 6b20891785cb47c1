"""Bounds on how a request may arrive: one reading of its length, at most 1 MiB, and not for ever."""

import asyncio

from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

from plccoach_api import problem_details, problems
from plccoach_api.middleware import headers
from plccoach_api.problems import Problem

MAX_BODY = 1024 * 1024
_BODY_SECONDS = 15.0


class Framing:
    """The server passes on requests that proxies may read differently, and has no deadline for a body."""

    def __init__(self, app: ASGIApp, *, body_seconds: float = _BODY_SECONDS) -> None:
        self.app = app
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif problem := _objection(scope):
            await problem_details.send(problem, scope, send)
        else:
            await self.app(scope, self._bounded(receive), send)

    def _bounded(self, receive: Receive) -> Receive:
        deadline: float | None = None
        whole = False

        async def receive_in_time() -> HTTPReceiveMessage:
            nonlocal deadline, whole
            if whole:
                return await receive()  # type: ignore[return-value]
            loop = asyncio.get_running_loop()
            deadline = deadline or loop.time() + self.body_seconds
            try:
                async with asyncio.timeout_at(deadline):
                    message: HTTPReceiveMessage = await receive()  # type: ignore[assignment]
            except TimeoutError:
                raise problems.RequestTimeout(headers={"Connection": "close"}) from None
            whole = message["type"] != "http.request" or not message["more_body"]
            return message

        return receive_in_time


def _objection(scope: Scope) -> Problem | None:
    given = scope["headers"]
    lengths = headers.values(given, b"content-length")
    if (lengths and headers.first(given, b"transfer-encoding")) or len(lengths) > 1:
        return problems.MalformedRequest()
    # HTTP/2 has :authority instead, which the server gives as the host.
    if scope["http_version"] == "1.1" and len(headers.values(given, b"host")) != 1:
        return problems.MalformedRequest()
    if lengths and (not lengths[0].isdigit() or int(lengths[0]) > MAX_BODY):
        return problems.BodyTooLarge()
    return None
