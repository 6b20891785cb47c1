"""One line for each request: who asked for what, and how it ended. No query, no cookie, no body."""

import re
from functools import lru_cache
from time import perf_counter
from urllib.parse import quote

from litestar.types import Receive, Send

from plccoach_api import logs
from plccoach_api.logs import RequestLine
from plccoach_api.middleware import client_address
from plccoach_api.middleware.types import HTTPApp, HTTPScope

# A line that fits PIPE_BUF reaches the log in one piece, though several workers write to one pipe.
_PATH_CHARACTERS = 1000
# What follows is a secret: a shared link opens for whoever has it, also on the front end, whose paths some send here,
# and in spellings that find no route.
_SHARED = re.compile(r"(?P<before>.*?/shared)(?:[/\\]|%2f|%5c)", re.IGNORECASE | re.DOTALL)

_quoted = lru_cache(256)(quote)


class AccessLog:
    def __init__(self, app: HTTPApp) -> None:
        self.app = app
        self.tell = logs.for_requests()

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            self.tell(
                RequestLine(
                    request_id=scope["request_id"],  # type: ignore[typeddict-item]
                    method=scope["method"],
                    route=scope.get("path_template"),
                    path=_without_secret(scope["path"]),
                    status=scope.get("status"),  # type: ignore[arg-type]
                    duration_ms=round((perf_counter() - started) * 1000, 2),
                    client=client_address.of(scope),
                )
            )


def _without_secret(path: str) -> str:
    if shared := _SHARED.match(path):
        return f"{quote(shared['before'])[:_PATH_CHARACTERS]}/{{token}}"
    # Quoted, so that a control character in it can't begin a line of its own.
    return _quoted(path)[:_PATH_CHARACTERS]
