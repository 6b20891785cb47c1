"""The metrics of a pool of connections, read from the statistics that psycopg keeps."""

import asyncio
from typing import Any

from psycopg_pool import AsyncConnectionPool

from plccoach_api import metrics

_SECONDS = 1.0


async def measure(pool: AsyncConnectionPool[Any]) -> None:
    """Runs until it is cancelled. Counting at each checkout instead would cost every request time."""
    counted: dict[str, int] = {}
    while True:
        statistics = pool.get_stats()
        _set_gauges(statistics)
        _count(statistics, counted)
        counted = statistics
        await asyncio.sleep(_SECONDS)


def _set_gauges(statistics: dict[str, int]) -> None:
    size, idle = statistics["pool_size"], statistics["pool_available"]
    metrics.POOL_CONNECTIONS.set(idle, "idle")
    metrics.POOL_CONNECTIONS.set(size - idle, "used")
    metrics.POOL_LIMIT.set(statistics["pool_max"])
    metrics.POOL_WAITING.set(statistics["requests_waiting"])


def _count(statistics: dict[str, int], before: dict[str, int]) -> None:
    def growth(name: str) -> int:
        """Returns 0 for what has not happened yet: psycopg leaves it out."""
        return statistics.get(name, 0) - before.get(name, 0)

    metrics.POOL_WAITS.inc(by=growth("requests_queued"))
    metrics.POOL_WAIT_SECONDS.inc(by=growth("requests_wait_ms") / 1000)
    metrics.POOL_TIMEOUTS.inc(by=growth("requests_errors"))
    metrics.POOL_CONNECTION_FAILURES.inc(by=growth("connections_errors"))
