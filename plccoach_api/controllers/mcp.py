"""The Model Context Protocol, for assistants that call tools. A request is read as everywhere, and the SDK answers."""

from typing import Any

from litestar import Request, post
from litestar.datastructures import State
from litestar.params import JSONBody
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

from plccoach_api.structs.tools import RpcMessage


@post("/mcp", include_in_schema=False, status_code=200)
async def serve_mcp(request: Request[Any, Any, State], data: JSONBody[RpcMessage]) -> ASGIApp:  # noqa: ARG001
    """There is no stream to GET and no session to DELETE: every response is one JSON body.

    `data` is only decoded for its limits: what is not a message, too large or too slow is refused as on other routes.
    """
    body = await request.body()
    serve: ASGIApp = request.app.state.mcp.asgi_app

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        await serve(scope, _again(body, receive), send)

    return respond


def _again(body: bytes, receive: Receive) -> Receive:
    """Returns a `receive` that begins with a body that was read before."""
    pending: list[HTTPReceiveMessage] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_from_start() -> Any:
        return pending.pop() if pending else await receive()

    return receive_from_start


TOKEN_ONLY = (serve_mcp,)
