"""Turns: a process begins few answers at once, and makes few at once when it makes them by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from plccoach_api import problems


class Turns:
    """Lets `number` questions take a step at once. The others wait, in the order in which they came.

    All at once, each would wait for all others, and they would take the connections from every other request. One
    person has all turns but one at most: nobody else waits behind a crowd of questions that one person sent.
    """

    def __init__(self, number: int, *, refusal: str | None = None) -> None:
        """`refusal` tells a person that no turn came in time; without one, that the question is saved."""
        self._refusal = refusal
        self._free = asyncio.Semaphore(number)
        self._most_of_one = number - 1
        # A semaphore is deleted when no question of its person waits or has a turn.
        self._of_people: WeakValueDictionary[UUID | None, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, person: UUID | None, deadline: float) -> AsyncIterator[None]:
        """Holds a turn during the block. Raises CoachUnavailable when none is free until the deadline.

        The deadline is a time of `time.monotonic()`. Questions of nobody known count as those of one person.
        """
        own = self._of_people.setdefault(person, asyncio.Semaphore(self._most_of_one))
        async with AsyncExitStack() as turn:
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await turn.enter_async_context(own)
                    await turn.enter_async_context(self._free)
            except TimeoutError as error:
                raise problems.CoachUnavailable(self._refusal) from error
            yield
