"""Looks something up once for all who ask for it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")

# A look-up whose connection hangs must not hold up those after it.
_LONGEST_WAIT_SECONDS = 0.05


class SharedLookups(Generic[Key, Found]):
    """Runs one look-up of a key at a time. Whoever asks while it runs shares the next one.

    So nobody gets a result that is older than their own question: each look-up begins after all have asked who share
    it. Each of them gets its result, or its error.
    """

    def __init__(self, find: Callable[[Key], Awaitable[Found]]) -> None:
        self._find = find
        self._next: dict[Key, asyncio.Task[Found]] = {}
        self._running: dict[Key, asyncio.Task[Found]] = {}

    async def get(self, key: Key) -> Found:
        lookup = self._next.get(key)
        if lookup is None:
            # A task begins in the next round of the event loop. Requests that arrive together all come before.
            lookup = self._next[key] = asyncio.create_task(self._run(key, self._running.get(key)))
        # A request that is cancelled leaves the look-up to the others.
        return await asyncio.shield(lookup)

    async def _run(self, key: Key, earlier: asyncio.Task[Found] | None) -> Found:
        if earlier is not None:
            await asyncio.wait({earlier}, timeout=_LONGEST_WAIT_SECONDS)
        lookup = self._running[key] = self._next.pop(key)
        try:
            return await self._find(key)
        finally:
            # After a hung look-up, it is already that of a later one.
            if self._running.get(key) is lookup:
                del self._running[key]
