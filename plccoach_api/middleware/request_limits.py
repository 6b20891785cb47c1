"""Bounds on how a request may arrive: one host, headers of 64 KiB and a body of 1 MiB at most, and not for ever."""

import asyncio
from collections.abc import Awaitable

from litestar.types import HTTPReceiveMessage, Receive, Send

from plccoach_api import problem_details, problems
from plccoach_api.middleware.types import HTTPApp, HTTPScope
from plccoach_api.problems import Problem

MAX_BODY = 1024 * 1024
MAX_HEADERS = 64 * 1024
_BODY_SECONDS = 15.0


class RequestLimits:
    """The server bounds headers loosely, makes up a missing host, and has no deadline for a body.

    Of a body with two lengths it drops the Content-Length and closes the connection afterwards, as
    RFC 9112 asks; the application can't see that one.
    """

    def __init__(self, app: HTTPApp, *, body_seconds: float = _BODY_SECONDS) -> None:
        self.app = app
        self.body_seconds = body_seconds

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        if problem := _objection(scope):
            return problem_details.send(problem, scope, send)
        return self.app(scope, self._bounded(receive), send)

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


def _objection(scope: HTTPScope) -> Problem | None:
    size, hosts, length = 0, [], None
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"host":
            hosts.append(value)
        elif name == b"content-length" and length is None:
            length = value
    if size > MAX_HEADERS:
        return problems.HeadersTooLarge()
    # The server gives an empty host where there was none, which HTTP/1.0 may do.
    if len(hosts) != 1 or (scope["http_version"] == "1.1" and not hosts[0]):
        return problems.MalformedRequest()
    if length is not None and (not length.isdigit() or int(length) > MAX_BODY):
        return problems.BodyTooLarge()
    return None
