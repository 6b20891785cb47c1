"""Ends the work for a request when its client goes away before the response begins.

Litestar watches for this only while a response is streamed.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar.types import Receive

from plccoach_api.problems import Problem

T = TypeVar("T")


class ClientDisconnected(Problem):
    """Ends the request. Nobody receives the response; the access log shows the status, as that of nginx does."""

    status = 499
    slug = "client-disconnected"
    title = "Client disconnected"
    detail = "The client closed the connection."


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Returns the result of the work. Cancels the work and raises ClientDisconnected when the client goes away.

    Use it only where the request has no body, and nothing has called `receive` before.
    """
    # The empty body is the first message. If the wait for it is cancelled, granian gives `http.disconnect` to the next
    # caller of `receive`, although the client is there.
    await receive()
    working = asyncio.create_task(work)
    watching = asyncio.create_task(_wait_for_disconnect(receive))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnected
        return working.result()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.wait({working, watching})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
