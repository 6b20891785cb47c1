"""The state of the database: its schema's revision, and whether it holds a corpus."""

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one_or_none


class SchemaState(Row, frozen=True):
    revision: str
    has_corpus: bool


@one_or_none
async def get(connection: Connection) -> SchemaState | None:
    """Raises UndefinedTable before the first migration, and returns None while that migration runs."""
