"""Limits for a request: exactly one host, headers up to 64 KiB, a body up to 1 MiB that arrives whole and in time."""

import asyncio
from collections.abc import Awaitable

from litestar.types import HTTPReceiveMessage, Receive, Send

from plccoach_api import problem_details, problems
from plccoach_api.middleware.types import HTTPApp, HTTPScope
from plccoach_api.problems import Problem

MAX_BODY = 1024 * 1024
MAX_HEADERS = 64 * 1024
_MOST_DIGITS = len(str(MAX_BODY))
_BODY_SECONDS = 15.0
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_INCOMPLETE = "The request's body is damaged, or the connection ended before it was complete."


class RequestLimits:
    """Refuses requests that granian lets through.

    granian accepts headers that are somewhat larger, adds an empty `Host` where there is none, and has no deadline for
    a body. The application cannot see a body with both Content-Length and Transfer-Encoding: granian drops the
    Content-Length and closes the connection after the response, as RFC 9112 asks.
    """

    def __init__(self, app: HTTPApp, *, body_seconds: float = _BODY_SECONDS) -> None:
        self.app = app
        self.body_seconds = body_seconds

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        if problem := _violation(scope):
            return problem_details.send(problem, scope, send)
        if scope["method"] in _WITHOUT_BODY:
            return self.app(scope, receive, send)
        return self.app(scope, self._whole_and_in_time(receive), send)

    def _whole_and_in_time(self, receive: Receive) -> Receive:
        deadline: float | None = None
        complete = False

        async def receive_before_deadline() -> HTTPReceiveMessage:
            nonlocal deadline, complete
            if complete:
                return await receive()  # type: ignore[return-value]
            loop = asyncio.get_running_loop()
            deadline = deadline or loop.time() + self.body_seconds
            try:
                async with asyncio.timeout_at(deadline):
                    message: HTTPReceiveMessage = await receive()  # type: ignore[assignment]
            except TimeoutError:
                raise problems.RequestTimeout(headers={"Connection": "close"}) from None
            if message["type"] == "http.disconnect":
                # granian reports a body that it cannot read, such as one with a broken chunk, in the same way.
                raise problems.MalformedRequest(_INCOMPLETE, headers={"Connection": "close"})
            complete = not message["more_body"]
            return message

        return receive_before_deadline


def _violation(scope: HTTPScope) -> Problem | None:
    size, hosts, length = 0, [], None
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"host":
            hosts.append(value)
        elif name == b"content-length" and length is None:
            length = value
    if size > MAX_HEADERS:
        return problems.HeadersTooLarge()
    # granian adds an empty host when the header is missing; HTTP/1.0 allows a request without it.
    if len(hosts) != 1 or (scope["http_version"] == "1.1" and not hosts[0]):
        return problems.MalformedRequest()
    return problems.BodyTooLarge() if length is not None and _is_too_large(length) else None


def _is_too_large(length: bytes) -> bool:
    # Python refuses to read a number of thousands of digits.
    return not length.isdigit() or len(length) > _MOST_DIGITS or int(length) > MAX_BODY
