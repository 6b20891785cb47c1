"""The time of each user's last sign-in. `users` has it only as an older version of the service left it."""

from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute


@execute
async def touch(connection: Connection, *, user_id: UUID, now: datetime) -> None: ...
