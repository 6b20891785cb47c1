"""The database server itself: its version, its extension, our rights and its clock."""

from datetime import datetime

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one


class Server(Row, frozen=True):
    installed_vector: str | None
    available_vector: str | None
    lacking: int
    version_number: int
    """As PostgreSQL numbers it: 170002 is 17.2."""
    read_only: bool
    may_create: bool
    answered_at: datetime


@one
async def get(connection: Connection) -> Server: ...
