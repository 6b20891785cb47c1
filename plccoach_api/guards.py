"""Who may come in. Guards run before a handler's dependencies, so a refused request opens nothing.

They are coroutine functions, because Litestar sends a plain one to a thread at every request.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from plccoach_api import problems


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if connection.scope.get("user") is None:
        raise problems.NotSignedIn
