"""Who writes an answer tells, through PostgreSQL, those who follow it in other processes."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from psycopg import InterfaceError, OperationalError

from plccoach_api.database.listener import listen
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers
from plccoach_api.queries.answers import CHANNEL

# PostgreSQL refuses a payload of 8,000 bytes; an id with its comma takes 37.
_IDS_PER_NOTIFICATION = 200


class Notifier:
    """Wakes the readers of answers that others write. It listens only while there are any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._readers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None

    @contextmanager
    def subscribe(self, message_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be more of it."""
        more = asyncio.Event()
        self._readers[str(message_id)].add(more)
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(), name="hearing of answers")
        try:
            yield more
        finally:
            self._readers[str(message_id)].discard(more)
            if not self._readers[str(message_id)]:
                del self._readers[str(message_id)]
            if not self._readers:
                self._listening.cancel()
                self._listening = None

    def wake_all(self) -> None:
        for readers in self._readers.values():
            for more in readers:
                more.set()

    async def _listen(self) -> None:
        async for told in listen(self._database.address, CHANNEL):
            if not told:
                # It may have begun, or gone on, too late for some.
                self.wake_all()
            for message_id in told.split(",") if told else ():
                for more in self._readers.get(message_id, ()):
                    more.set()


async def notify(database: Database, ids: Iterable[UUID]) -> None:
    """Wakes the readers of these answers in all processes. A reader that misses it polls a little later."""
    changed = [str(each) for each in ids]
    with suppress(OperationalError, InterfaceError):
        for first in range(0, len(changed), _IDS_PER_NOTIFICATION):
            await database.run_idempotent(answers.tell, ids=",".join(changed[first : first + _IDS_PER_NOTIFICATION]))
