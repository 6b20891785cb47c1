"""A time limit for many awaits that costs one timer: an answer from a model awaits hundreds of times."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from plccoach_api.coach.llm.errors import DEADLINE_PASSED, ModelError

T = TypeVar("T")


class DeadlineTimer:
    """Ends every `wait` at the deadline, a time of `time.monotonic`, with a ModelError.

    `asyncio.timeout` would interrupt its whole block. This timer interrupts only a `wait`, because its block may be in
    a generator whose caller does other work between two pieces.
    """

    __slots__ = ("_deadline", "_passed", "_task", "_timer")

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._passed = False
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._deadline - time.monotonic(), self._end)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    async def wait(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Awaits the operation. After the deadline it raises ModelError without starting it."""
        if self.passed():
            raise ModelError(DEADLINE_PASSED, retryable=False)
        self._task = task = cast(asyncio.Task[Any], asyncio.current_task())
        cancelled_before = task.cancelling()
        try:
            return await operation()
        except asyncio.CancelledError:
            # If other code cancelled the task too, the task stays cancelled.
            if self.passed() and task.uncancel() <= cancelled_before:
                raise ModelError(DEADLINE_PASSED, retryable=False) from None
            raise
        finally:
            self._task = None

    def passed(self) -> bool:
        return self._passed

    def end_within(self, seconds: float) -> None:
        """Moves the deadline to `seconds` from now, but never past the first one. May be called again and again."""
        self._timer.cancel()
        now = time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(min(seconds, self._deadline - now), self._end)

    def _end(self) -> None:
        self._passed = True
        if self._task:
            self._task.cancel()
