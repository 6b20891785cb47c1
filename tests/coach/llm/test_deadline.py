"""One timer for many waits: who waits when it ends fails, and nobody else is interrupted."""

import asyncio
import time
from functools import partial

import pytest

from plccoach_api.coach.llm.deadline import Deadline
from plccoach_api.coach.llm.errors import ModelError


async def said(seconds: float, word: str = "a word") -> str:
    await asyncio.sleep(seconds)
    return word


def soon(seconds: float) -> float:
    return time.monotonic() + seconds


async def test_what_comes_in_time_is_given() -> None:
    with Deadline(soon(1)) as until:
        assert await until.wait(partial(said, 0.01)) == "a word"
        assert await until.wait(partial(said, 0, "another")) == "another"


async def test_who_still_waits_at_the_end_fails_and_goes_on() -> None:
    with Deadline(soon(0.05)) as until:
        with pytest.raises(ModelError, match="no time left") as failed:
            await until.wait(partial(asyncio.sleep, 5))
        await asyncio.sleep(0)
    assert not failed.value.retryable
    task = asyncio.current_task()
    assert task
    assert task.cancelling() == 0


async def test_who_comes_after_the_end_fails_without_waiting() -> None:
    begun = False

    async def begin() -> None:
        nonlocal begun
        begun = True

    with Deadline(soon(0.01)) as until:
        await asyncio.sleep(0.05)
        with pytest.raises(ModelError):
            await until.wait(begin)
    assert not begun


async def test_who_does_something_else_at_the_end_is_not_interrupted() -> None:
    with Deadline(soon(0.01)) as until:
        await until.wait(partial(asyncio.sleep, 0))
        await asyncio.sleep(0.05)


async def test_a_deadline_that_is_left_ends_nothing() -> None:
    with Deadline(soon(0.05)) as until:
        pass
    assert await until.wait(partial(said, 0.1)) == "a word"


async def test_who_is_cancelled_is_cancelled_also_when_the_time_ends_then() -> None:
    async def wait() -> None:
        with Deadline(soon(0.05)) as until:
            await until.wait(partial(asyncio.sleep, 5))

    task = asyncio.create_task(wait())
    await asyncio.sleep(0.02)
    # The loop sleeps through the end of the time, so that both are there when the task goes on.
    task.cancel()
    time.sleep(0.05)  # noqa: ASYNC251 - on purpose
    with pytest.raises(asyncio.CancelledError):
        await task
