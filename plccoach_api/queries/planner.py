"""Planner settings for one transaction: each must run inside it, before the statement that needs it."""

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute


@execute
async def force_custom_plan(connection: Connection) -> None: ...


@execute
async def track_200_candidates(connection: Connection) -> None: ...


@execute
async def track_300_candidates(connection: Connection) -> None: ...


@execute
async def set_iterative_scan(connection: Connection) -> None: ...


@execute
async def set_sequential_shards(connection: Connection) -> None: ...
