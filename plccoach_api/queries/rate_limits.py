"""Requests counted by key, for all replicas together."""

from datetime import datetime, timedelta

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, rows


class Window(Row, frozen=True):
    """How many requests a key has made since its window began, this one among them, and how long that still lasts."""

    requests: int
    remaining: timedelta


class Counted(Row, frozen=True):
    name: str
    requests: int
    begun_at: datetime
    ends_at: datetime


@one
async def count(connection: Connection, *, name: str, key: str, duration: timedelta) -> Window: ...


@rows
async def list_for_key(connection: Connection, *, key: str) -> list[Counted]: ...


@execute
async def delete_ended(connection: Connection, *, limit: int) -> int: ...
