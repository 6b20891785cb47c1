"""Waits for a condition that sends no event, so that the test must poll it."""

import asyncio
from collections.abc import Callable

# A machine that runs other work may be slow. A test that passes does not wait this long.
SECONDS = 30.0


async def until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Polls the condition. Raises TimeoutError when it does not become true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the database has no event of ours
            await asyncio.sleep(0.02)
