"""Requests counted by key, for all replicas together."""

from datetime import datetime, timedelta
from types import NoneType

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class Window(Row, frozen=True):
    """How many requests a key has made since its window began, this one among them, and how long that still lasts."""

    requests: int
    remaining: timedelta


class Counted(Row, frozen=True):
    name: str
    requests: int
    begun_at: datetime
    ends_at: datetime


_count = Statement("rate_limits/count", Window)
_list_for_key = Statement("rate_limits/list_for_key", Counted)
_delete_ended = Statement("rate_limits/delete_ended", NoneType)


async def count(connection: Connection, *, name: str, key: str, duration: timedelta) -> Window:
    return await _count.one(connection, name=name, key=key, duration=duration)


async def list_for_key(connection: Connection, *, key: str) -> list[Counted]:
    return await _list_for_key.all(connection, key=key)


async def delete_ended(connection: Connection, *, limit: int) -> int:
    return await _delete_ended.execute(connection, limit=limit)
