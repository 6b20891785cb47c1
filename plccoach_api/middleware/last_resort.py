"""Answers a request that an error of the middleware, outside of Litestar, left without a response."""

from litestar.enums import ScopeType
from litestar.exceptions import LitestarException
from litestar.types import Receive, Scope, Send
from uuid_utils import uuid7

from plccoach_api import problem_details
from plccoach_api.middleware.response_headers import ResponseHeaders
from plccoach_api.middleware.types import HTTPApp, HTTPScope


class LastResort:
    """The outermost layer. `headers` adds to its response what every response carries."""

    def __init__(self, app: HTTPApp, *, headers: ResponseHeaders) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The server accepts no web sockets.
        if scope["type"] != ScopeType.HTTP:
            return
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if "status" not in scope:
                await self._respond(error, scope, send)
                return
            # The response had begun, so no problem can follow.
            if isinstance(error, LitestarException):
                # The server logs the error without its cause.
                problem_details.log_error(error.__cause__ or error)
            raise

    async def _respond(self, error: Exception, scope: HTTPScope, send: Send) -> None:
        problem_details.log_error(error)
        scope.setdefault("request_id", uuid7().hex)  # type: ignore[typeddict-item]
        await problem_details.send(problem_details.to_problem(error), scope, self.headers.adding(scope, send))
