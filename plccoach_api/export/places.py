"""Limits how many exports are open at once: each holds a page of messages in memory, or a whole PDF."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from plccoach_api import metrics, problems

_WAIT_SECONDS = 10.0


class ExportPlaces:
    """The open exports of a process. Those of one person run one after another, so they never hold up other people."""

    def __init__(self, *, of_all: int = 32, of_one: int = 3, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._of_all = of_all
        self._of_one = of_one
        self._wait_seconds = wait_seconds
        self._open: Counter[UUID] = Counter()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, user_id: UUID) -> AsyncIterator[None]:
        """Waits for the person's export before this one; raises ExportsBusy when there is no place for this one."""
        if self._open.total() >= self._of_all or self._open[user_id] >= self._of_one:
            raise problems.ExportsBusy
        self._open[user_id] += 1
        try:
            async with turn(self._turns.setdefault(user_id, asyncio.Lock()), self._wait_seconds):
                yield
        finally:
            self._open[user_id] -= 1
            # Removes the people who have no export any more.
            self._open += Counter()


@asynccontextmanager
async def turn(lock: asyncio.Lock | asyncio.Semaphore, seconds: float = _WAIT_SECONDS) -> AsyncIterator[None]:
    """Holds the lock; raises ExportsBusy when it does not become free in time."""
    try:
        with metrics.EXPORTS_WAITING.held():
            async with asyncio.timeout(seconds):
                await lock.acquire()
    except TimeoutError:
        raise problems.ExportsBusy from None
    try:
        yield
    finally:
        lock.release()
