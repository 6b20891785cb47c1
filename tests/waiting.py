"""Waits for a condition that sends no event, so that the test must poll it."""

import asyncio
from collections.abc import Callable

# A machine that runs other work may be slow. A test that passes does not wait this long.
SECONDS = 30.0
# The sessions of the database that wait for a lock, a row for each.
LOCK_WAITERS = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Polls the condition. Raises TimeoutError when it does not become true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the database has no event of ours
            await asyncio.sleep(0.02)
