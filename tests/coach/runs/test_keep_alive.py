"""The moments of keep-alive comments, under the event loop of the server and under that of the tests."""

import asyncio
from collections.abc import Callable
from contextlib import closing

import pytest
import uvloop

from plccoach_api.coach.runs.keep_alive import KeepAliveTimer

LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]
LIMIT = 0.015


async def comments_after_two_limits() -> int:
    """Returns 2 if a comment was due after each of two silences."""
    wake, due = asyncio.Event(), 0
    with closing(KeepAliveTimer(wake, LIMIT)) as timer:
        while due < 2:
            async with asyncio.timeout(5):
                await wake.wait()
            wake.clear()
            due += timer.take_due_comment()
    return due


@pytest.mark.parametrize("loop", LOOPS)
def test_a_comment_is_due_after_every_silence(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def together() -> list[int]:
        begun = []
        for _ in range(200):
            begun.append(asyncio.create_task(comments_after_two_limits()))
            # The timers begin at different times, because some times cannot be added exactly.
            await asyncio.sleep(0.001)
        return await asyncio.gather(*begun)

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(together()) == [2] * 200


@pytest.mark.parametrize("loop", LOOPS)
def test_no_comment_is_due_soon_after_an_event(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def events_and_then_silence() -> list[bool]:
        wake, due = asyncio.Event(), []
        with closing(KeepAliveTimer(wake, 0.05)) as timer:
            await asyncio.sleep(0.03)
            timer.interrupt()
            for _ in range(2):
                await wake.wait()
                wake.clear()
                due.append(timer.take_due_comment())
        return due

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(events_and_then_silence()) == [False, True]
