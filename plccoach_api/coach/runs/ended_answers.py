"""Deletes the rows of ended answers from the table of unfinished ones: many in one statement."""

import asyncio
from contextlib import suppress
from contextvars import Context
from uuid import UUID

from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.queries import unfinished_answers


class EndedAnswers:
    """Takes complete and stopped answers. A failed one may begin again, so its row stays for the rescuer.

    Rows also stay when a process dies or loses its database. The rescuer looks at each of them once.
    """

    def __init__(self, database: Database, timings: Timings) -> None:
        self._database = database
        self._timings = timings
        self._ids: list[UUID] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, message_id: UUID) -> None:
        self._ids.append(message_id)
        if self._task is None or self._task.done():
            # An empty context, because the task outlives the request that starts it.
            self._task = asyncio.create_task(self._delete_later(), name="ended answers", context=Context())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
        await self._delete()

    async def _delete_later(self) -> None:
        while self._ids:
            await asyncio.sleep(self._timings.checkpoint)
            await self._delete()

    async def _delete(self) -> None:
        ids, self._ids = self._ids, []
        if ids:
            with suppress(*UNAVAILABLE):
                await self._database.run_idempotent(unfinished_answers.delete, ids=ids)
