"""One line for each request: who asked for what, and how it ended. No query, no cookie, no body."""

import re
from time import perf_counter
from urllib.parse import quote

from litestar.types import Message, Receive, Send

from plccoach_api import logs
from plccoach_api.middleware import client_address
from plccoach_api.middleware.types import HTTPApp, HTTPScope

_log = logs.get_logger("plccoach_api.access")

# A line that fits PIPE_BUF reaches the log in one piece, though several workers write to one pipe.
_PATH_CHARACTERS = 1000
# What follows is a secret: a shared link opens for whoever has it, also on the front end, whose paths some send here,
# and in spellings that find no route.
_SHARED = re.compile(r"(?P<before>.*?/shared)(?:[/\\]|%2f|%5c)", re.IGNORECASE | re.DOTALL)


class AccessLog:
    def __init__(self, app: HTTPApp) -> None:
        self.app = app

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            path = scope["path"]
            _log.info(
                "request",
                method=scope["method"],
                route=scope.get("path_template"),
                path=_without_secret(path),
                status=status or None,
                duration_ms=round((perf_counter() - started) * 1000, 2),
                client=client_address.of(scope),
            )


def _without_secret(path: str) -> str:
    if shared := _SHARED.match(path):
        return f"{quote(shared['before'])[:_PATH_CHARACTERS]}/{{token}}"
    # Quoted, so that a control character in it can't begin a line of its own.
    return quote(path)[:_PATH_CHARACTERS]
