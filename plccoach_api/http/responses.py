"""The JSON response of a struct that a handler returns, and the header of a stream of events."""

from typing import Any, Final, TypeVar

import msgspec
from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

T = TypeVar("T")

# A proxy that buffers the response would deliver all events at its end.
UNBUFFERED: Final = {"X-Accel-Buffering": "no"}
_CONTENT_TYPE = (b"content-type", b"application/json")
_encode = msgspec.json.Encoder().encode


class JSONResponse(Response[T]):
    """The response of a handler that returns a struct or nothing.

    Litestar's own response also collects headers, cookies, encoders and media types. Our handlers set those only on a
    Response that they return themselves. With Litestar's response, /auth/me takes 18 % more processor time and the list
    of conversations 8 %; see docs/decisions/server.md.
    """

    def __init__(self, content: T, *, status_code: int, **options: Any) -> None:
        self.content = content
        self.status_code = status_code
        self._options = options

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **options: Any) -> ASGIResponse:
        if self.content is None or options.get("headers") or options.get("cookies"):
            full: Response[T] = Response(self.content, status_code=self.status_code, **self._options)
            return full.to_asgi_response(app, request, **options)
        return _EncodedResponse(self.status_code or 200, _encode(self.content))


class _EncodedResponse(ASGIResponse):
    def __init__(self, status: int, body: bytes) -> None:
        self.status_code = status
        self.body = body

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [_CONTENT_TYPE, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})
