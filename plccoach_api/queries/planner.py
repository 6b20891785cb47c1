"""Settings of PostgreSQL's planner, for the transaction that searches and for nothing else."""

from types import NoneType

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_force_custom_plans = Statement("planner/force_custom_plans", NoneType)
_stop_compiling = Statement("planner/stop_compiling", NoneType)
_search_widely = Statement("planner/search_widely", NoneType)
_search_on = Statement("planner/search_on", NoneType)


async def force_custom_plans(connection: Connection) -> None:
    await _force_custom_plans.execute(connection)


async def stop_compiling(connection: Connection) -> None:
    await _stop_compiling.execute(connection)


async def search_widely(connection: Connection) -> None:
    await _search_widely.execute(connection)


async def search_on(connection: Connection) -> None:
    await _search_on.execute(connection)
