"""Logs one line for each request: route, path, status, duration and client; no query, no cookie, no body."""

import re
from time import perf_counter
from urllib.parse import quote

import msgspec
from litestar.types import Receive, Send

from plccoach_api.logs import context
from plccoach_api.logs.requests import RequestLine, request_logger
from plccoach_api.middleware import client_address
from plccoach_api.middleware.types import HTTPApp, HTTPScope

# Keeps a line below PIPE_BUF: only such a write reaches a pipe in one piece when several workers share the pipe.
_MAX_PATH_CHARACTERS = 1000
# The token of a shared link is a secret. It follows /shared, also in the front end's paths, which some clients send to
# the API, and in spellings that match no route.
_SHARED = re.compile(r"(?P<prefix>.*?/shared)(?:[/\\]|%2f|%5c)", re.IGNORECASE | re.DOTALL)
# A token at any other place of the path. Tokens have at least 43 characters, and no other part of a path has 40.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")


class AccessLog:
    def __init__(self, app: HTTPApp) -> None:
        self.app = app
        self.log = request_logger()

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            self.log(
                RequestLine(
                    request_id=scope["request_id"],  # type: ignore[typeddict-item]
                    method=scope["method"],
                    route=scope.get("path_template"),
                    path=_loggable(scope["path"]),
                    status=scope.get("status"),  # type: ignore[arg-type]
                    duration_ms=round((perf_counter() - started) * 1000, 2),
                    client=client_address.of(scope),
                    trace_id=context.trace_id.get() or msgspec.UNSET,
                )
            )


def _loggable(path: str) -> str:
    """Returns the path quoted, so that a control character cannot start a new line, and without a token."""
    if shared := _SHARED.match(path):
        return f"{_quoted(shared['prefix'])}/{{token}}"
    return _quoted(path)


def _quoted(path: str) -> str:
    return quote(_TOKEN.sub("{token}", path), safe="/{}")[:_MAX_PATH_CHARACTERS]
