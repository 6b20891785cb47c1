"""Settings of PostgreSQL's planner, for the transaction that searches and for nothing else."""

from types import NoneType

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_prepare_indexed_search = Statement("planner/prepare_indexed_search", NoneType)


async def prepare_indexed_search(connection: Connection) -> None:
    await _prepare_indexed_search.execute(connection)
