"""An end to many waits that takes one timer: a model's answer is waited for hundreds of times."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from plccoach_api.coach.llm.errors import ModelError

T = TypeVar("T")

_REASON = "there was no time left"


class Deadline:
    """Until a moment by `time.monotonic`, things are waited for; who still waits then, or comes later, gets Failed.

    It is entered and left where things are waited for, which may be in a generator: nobody is
    interrupted who does something else meanwhile.
    """

    __slots__ = ("_at", "_over", "_task", "_timer")

    def __init__(self, at: float) -> None:
        self._at = at
        self._over = False
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._at - time.monotonic(), self._end)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    async def wait(self, begin: Callable[[], Awaitable[T]]) -> T:
        if self._ended():
            raise ModelError(_REASON, retryable=False)
        self._task = task = cast(asyncio.Task[Any], asyncio.current_task())
        cancelled_before = task.cancelling()
        try:
            return await begin()
        except asyncio.CancelledError:
            # Another may have cancelled it as well, and is obeyed.
            if self._ended() and task.uncancel() <= cancelled_before:
                raise ModelError(_REASON, retryable=False) from None
            raise
        finally:
            self._task = None

    def _ended(self) -> bool:
        return self._over

    def _end(self) -> None:
        self._over = True
        if self._task:
            self._task.cancel()
