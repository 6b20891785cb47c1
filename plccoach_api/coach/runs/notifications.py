"""Notifications between processes, through PostgreSQL: an answer has more text, or has ended."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from uuid import UUID

from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.listener import listen
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers
from plccoach_api.queries.answers import CHANNEL

# PostgreSQL refuses a payload of 8,000 bytes; an id with its comma takes 37.
_IDS_PER_NOTIFICATION = 200


class Notifier:
    """Wakes the readers of answers that other processes generate. It listens only while there are such readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscribers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._is_connected = False

    @contextmanager
    def subscribe(self, message_id: UUID) -> Iterator[asyncio.Event]:
        """Yields an event that is set whenever the answer may have changed, and once as soon as changes are heard."""
        changed, key = asyncio.Event(), str(message_id)
        self._subscribers[key].add(changed)
        if self._listening is None:
            # An empty context, because the task outlives the request that starts it.
            self._listening = asyncio.create_task(self._listen(), name="answer notifications", context=Context())
        if self._is_connected:
            changed.set()
        try:
            yield changed
        finally:
            self._subscribers[key].discard(changed)
            if not self._subscribers[key]:
                del self._subscribers[key]
            if not self._subscribers:
                self._listening.cancel()
                self._listening = None
                self._is_connected = False

    def wake_all(self) -> None:
        for subscribers in self._subscribers.values():
            for changed in subscribers:
                changed.set()

    async def _listen(self) -> None:
        async for payload in listen(self._database.direct_address, CHANNEL):
            if not payload:
                # The connection is new. Notifications before it were lost.
                self._is_connected = True
                self.wake_all()
            for key in payload.split(","):
                for changed in self._subscribers.get(key, ()):
                    changed.set()


async def notify(database: Database, ids: Collection[UUID]) -> None:
    """Wakes the readers of these answers in all processes. A reader that misses a notification polls the row."""
    changed = list(ids)
    with suppress(*UNAVAILABLE):
        for first in range(0, len(changed), _IDS_PER_NOTIFICATION):
            await database.run_idempotent(answers.notify, ids=changed[first : first + _IDS_PER_NOTIFICATION])
