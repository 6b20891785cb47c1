"""Requests counted by key, for all replicas together."""

from datetime import timedelta
from types import NoneType

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class Window(Row, frozen=True):
    """How many requests a key has made since its window began, this one among them, and how long that still lasts."""

    requests: int
    remaining: timedelta


_count = Statement("rate_limits/count", Window)
_delete_ended = Statement("rate_limits/delete_ended", NoneType)


async def count(connection: Connection, *, name: str, key: str, duration: timedelta) -> Window:
    return await _count.one(connection, name=name, key=key, duration=duration)


async def delete_ended(connection: Connection, *, limit: int) -> int:
    return await _delete_ended.execute(connection, limit=limit)
