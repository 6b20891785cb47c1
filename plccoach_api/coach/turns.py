"""Turns: a process begins few answers at once, and makes few at once when it makes them by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plccoach_api import problems


class Turns:
    """Lets `number` questions take a step at once. The others wait, in the order in which they came.

    All at once, each would wait for all others, and they would take the connections from every other request.
    """

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)

    @asynccontextmanager
    async def take(self, deadline: float) -> AsyncIterator[None]:
        """Holds a turn during the block. Raises CoachUnavailable when none is free until the deadline.

        The deadline is a time of `time.monotonic()`.
        """
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                await self._free.acquire()
        except TimeoutError as error:
            raise problems.CoachUnavailable from error
        try:
            yield
        finally:
            self._free.release()
