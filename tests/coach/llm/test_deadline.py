"""A deadline timer ends the waits that are open at the deadline, and interrupts nothing else."""

import asyncio
import time
from functools import partial

import pytest

from plccoach_api.coach.llm.deadline import DeadlineTimer
from plccoach_api.coach.llm.errors import ModelError


async def returns(result: str) -> str:
    await asyncio.sleep(0)
    return result


async def never() -> None:
    await asyncio.Event().wait()


def soon(seconds: float) -> float:
    return time.monotonic() + seconds


async def pass_deadline(timer: DeadlineTimer) -> None:
    while not timer.passed():  # noqa: ASYNC110 - the timer has no event
        await asyncio.sleep(0)


async def test_a_wait_returns_a_result_that_comes_in_time() -> None:
    with DeadlineTimer(soon(60)) as timer:
        assert await timer.wait(partial(returns, "first")) == "first"
        assert await timer.wait(partial(returns, "second")) == "second"


async def test_a_wait_that_is_open_at_the_deadline_fails_and_its_task_continues() -> None:
    with DeadlineTimer(soon(0.02)) as timer:
        with pytest.raises(ModelError, match="the deadline passed") as failed:
            await timer.wait(never)
        await asyncio.sleep(0)
    assert not failed.value.retryable
    task = asyncio.current_task()
    assert task
    assert task.cancelling() == 0


async def test_a_wait_after_the_deadline_fails_without_starting_its_operation() -> None:
    started = False

    async def operation() -> None:
        nonlocal started
        started = True

    with DeadlineTimer(soon(0.01)) as timer:
        await pass_deadline(timer)
        with pytest.raises(ModelError):
            await timer.wait(operation)
    assert not started


async def test_other_work_at_the_deadline_is_not_interrupted() -> None:
    with DeadlineTimer(soon(0.01)) as timer:
        await timer.wait(partial(returns, "first"))
        await pass_deadline(timer)
        await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task
    assert task.cancelling() == 0


async def test_a_timer_whose_block_has_ended_ends_no_wait() -> None:
    deadline = soon(0.01)
    with DeadlineTimer(deadline) as timer:
        pass
    await timer.wait(partial(asyncio.sleep, deadline + 0.02 - time.monotonic()))
    assert not timer.passed()


async def test_a_cancelled_task_stays_cancelled_when_the_deadline_passes_too() -> None:
    started = asyncio.Event()

    async def operation() -> None:
        started.set()
        await never()

    async def wait() -> None:
        with DeadlineTimer(soon(0.05)) as timer:
            await timer.wait(operation)

    task = asyncio.create_task(wait())
    await started.wait()
    # The event loop is blocked past the deadline, so that the cancellation and the timer reach the task together.
    task.cancel()
    time.sleep(0.05)  # noqa: ASYNC251 - on purpose
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_deadline_that_is_moved_closer_can_be_moved_again_but_never_past_the_first() -> None:
    started = time.monotonic()
    with DeadlineTimer(soon(0.1)) as timer:
        timer.end_within(0.01)
        timer.end_within(60)
        with pytest.raises(ModelError):
            await timer.wait(never)
        # The clock of the event loop counts whole milliseconds.
        assert time.monotonic() - started >= 0.09
    with DeadlineTimer(soon(60)) as timer:
        timer.end_within(0.01)
        with pytest.raises(ModelError):
            await timer.wait(never)
    assert time.monotonic() - started < 30
