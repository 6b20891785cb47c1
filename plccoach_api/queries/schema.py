"""How far the database is prepared."""

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one_or_none


class Preparation(Row, frozen=True):
    revision: str
    has_corpus: bool


@one_or_none
async def get(connection: Connection) -> Preparation | None:
    """Raises UndefinedTable before the first migration; None while that runs."""
