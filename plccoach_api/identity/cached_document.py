"""A cache for one document of a provider, such as its signing keys."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import SignInRefused

Value = TypeVar("Value")


class CachedDocument(Generic[Value]):
    """Fetches the document when it is needed; concurrent callers share one fetch.

    `clock` returns seconds and never goes back.
    """

    def __init__(self, fetch: Callable[[], Awaitable[Value]], limits: Limits, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._limits = limits
        self._clock = clock
        self._value: Value | None = None
        self._fetched_at = 0.0
        self._attempted_at = 0.0
        self._refreshed_at: float | None = None
        self._fetching: asyncio.Task[Value] | None = None

    async def get(self) -> Value:
        """Returns the document. A document that is no longer fresh is returned as long as a new fetch fails.

        Raises SignInRefused when the fetch fails and there is no document, or only a stale one.
        """
        now = self._clock()
        value, age = self._value, now - self._fetched_at
        if value is None or age > self._limits.stale:
            return await self._fetch_shared()
        if age > self._limits.fresh and now - self._attempted_at >= self._limits.pause:
            try:
                return await self._fetch_shared()
            except SignInRefused:
                pass
        return value

    async def refresh(self) -> Value:
        """Fetches the document again, because a value is missing. Within the pause, returns the cached document."""
        now = self._clock()
        recently = self._refreshed_at is not None and now - self._refreshed_at < self._limits.pause
        if recently and self._fetching is None and self._value is not None:
            return self._value
        self._refreshed_at = now
        return await self._fetch_shared()

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})

    async def _fetch_shared(self) -> Value:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_and_store())
            self._fetching.add_done_callback(self._on_done)
        # The shield keeps the fetch running for the other callers when this caller is cancelled.
        return await asyncio.shield(self._fetching)

    async def _fetch_and_store(self) -> Value:
        self._attempted_at = self._clock()
        value = await self._fetch()
        self._value, self._fetched_at = value, self._clock()
        return value

    def _on_done(self, task: asyncio.Task[Value]) -> None:
        self._fetching = None
        if not task.cancelled():
            # Marks the exception as retrieved. Otherwise asyncio would log it when all callers were cancelled.
            task.exception()
