"""Rate limits: the requests of each key, counted over all replicas."""

from datetime import datetime, timedelta

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, rows


class Window(Row, frozen=True):
    """The requests of a key's current window, including the new request, and the time until the window ends."""

    requests: int
    remaining: timedelta


class StoredWindow(Row, frozen=True):
    name: str
    requests: int
    begun_at: datetime
    ends_at: datetime


@one
async def count(connection: Connection, *, name: str, key: str, duration: timedelta) -> Window: ...


@rows
async def list_for_key(connection: Connection, *, key: str) -> list[StoredWindow]: ...


@execute
async def delete_ended(connection: Connection, *, limit: int) -> int: ...


@execute
async def delete_for_key(connection: Connection, *, key: str) -> None: ...
