"""An answer that this process generates, with the requests that wait for it and the readers that follow it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from plccoach_api.coach.answer import Answer, Cited, Delta
from plccoach_api.coach.runs.transcript import Transcript

End = TypeVar("End")


class LiveAnswer(ABC, Generic[End]):
    """`task` returns the end of the answer, or raises. The answer goes on when nobody waits for it any more."""

    def __init__(self) -> None:
        """Starts the generation. Call it when everything else is set."""
        self.transcript = Transcript()
        self.waiting_requests = 0
        """The number of requests that wait for the whole answer."""
        self._subscribers: set[asyncio.Event] = set()
        self._is_interrupted = False
        self._generation: asyncio.Task[Answer] = asyncio.create_task(self._generate(), name="answer generation")
        self.task: asyncio.Task[End] = asyncio.create_task(self._finish(), name="answer")
        self.task.add_done_callback(lambda _: self._wake_subscribers())

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Event]:
        """Yields an event that is set when the transcript has grown, and when `task` has ended."""
        changed = asyncio.Event()
        self._subscribers.add(changed)
        try:
            yield changed
        finally:
            self._subscribers.discard(changed)

    @property
    def is_streamed(self) -> bool:
        return bool(self._subscribers)

    async def wait(self) -> End:
        """Returns the end of the answer. A request that is cancelled does not cancel the answer."""
        self.waiting_requests += 1
        try:
            return await asyncio.shield(self.task)
        finally:
            self.waiting_requests -= 1

    def interrupt(self) -> None:
        """Ends the answer as failed, with the text so far."""
        self._is_interrupted = True
        self._generation.cancel()

    @abstractmethod
    async def _generate(self) -> Answer:
        """Adds each piece with `_add`, and returns the last one."""

    @abstractmethod
    async def _finish(self) -> End: ...

    async def _result(self) -> Answer | None:
        """Returns the whole answer; None when its generation was cancelled."""
        await asyncio.wait({self._generation})
        return None if self._generation.cancelled() else self._generation.result()

    def _add(self, piece: Delta | Cited) -> None:
        self.transcript.add(piece)
        self._wake_subscribers()

    def _wake_subscribers(self) -> None:
        for changed in self._subscribers:
            changed.set()
