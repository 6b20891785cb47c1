"""A document of the provider's, fetched once for all who wait for it and kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import SignInRefused

Value = TypeVar("Value")


class CachedDocument(Generic[Value]):
    """`clock` counts seconds and never goes back."""

    def __init__(self, fetch: Callable[[], Awaitable[Value]], limits: Limits, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._limits = limits
        self._clock = clock
        self._value: Value | None = None
        self._fetched_at = 0.0
        self._tried_at = 0.0
        self._asked_again_at: float | None = None
        self._running: asyncio.Task[Value] | None = None

    async def get(self) -> Value:
        """The document; when it has grown old, a newer one, or while there is none the old one a little longer."""
        now = self._clock()
        value, age = self._value, now - self._fetched_at
        if value is None or age > self._limits.stale:
            return await self._newest()
        if age > self._limits.fresh and now - self._tried_at >= self._limits.pause:
            try:
                return await self._newest()
            except SignInRefused:
                pass
        return value

    async def again(self) -> Value:
        """A newer document, because something is missing in this one; at most once within the pause."""
        now = self._clock()
        lately = self._asked_again_at is not None and now - self._asked_again_at < self._limits.pause
        if lately and self._running is None and self._value is not None:
            return self._value
        self._asked_again_at = now
        return await self._newest()

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _newest(self) -> Value:
        if self._running is None:
            self._running = asyncio.create_task(self._store())
            self._running.add_done_callback(self._ended)
        # Whoever gives up takes nothing away from the others who wait.
        return await asyncio.shield(self._running)

    async def _store(self) -> Value:
        self._tried_at = self._clock()
        value = await self._fetch()
        self._value, self._fetched_at = value, self._clock()
        return value

    def _ended(self, task: asyncio.Task[Value]) -> None:
        self._running = None
        if not task.cancelled():
            task.exception()  # seen, even if nobody waited to the end
