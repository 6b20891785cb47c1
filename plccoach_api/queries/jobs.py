"""Jobs that one replica runs for all of them."""

from datetime import timedelta

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute, one_or_none


@one_or_none
async def claim(connection: Connection, *, name: str, every: timedelta) -> str | None:
    """Returns the job's name when it is due. The caller must then run the job, because no other caller can claim it."""


@execute
async def finish(connection: Connection, *, name: str, every: timedelta) -> int: ...
