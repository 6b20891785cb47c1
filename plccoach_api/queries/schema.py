"""How far the database is prepared."""

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class Preparation(Row, frozen=True):
    revision: str
    has_corpus: bool


_get = Statement("schema/get", Preparation)


async def get(connection: Connection) -> Preparation | None:
    """Raises UndefinedTable before the first migration; None while that runs."""
    return await _get.one_or_none(connection)
