"""Jobs that one replica does for all."""

from datetime import timedelta

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_claim = Statement("jobs/claim", str)


async def claim(connection: Connection, *, name: str, every: timedelta) -> bool:
    """Whether the job is due; whoever is told so does it now."""
    return await _claim.one_or_none(connection, name=name, every=every) is not None
