"""The revision of the schema, and the versions of the service that can run on it."""

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one_or_none


class StoredSchema(Row, frozen=True):
    revision: str
    oldest: str
    read_only: bool
    """The server takes no writes."""


@one_or_none
async def get(connection: Connection) -> StoredSchema | None:
    """Raises UndefinedTable before the first migration, and returns None while that migration runs."""
