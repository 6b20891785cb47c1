"""Citations: which answer cites which passage. `messages.citations` has the same ids, with the quotes."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute, rows

# Versions run beside each other for minutes, and the daily job looks for missing citations.
RECENT = timedelta(days=30)


@rows
async def list_cited(connection: Connection, *, chunk_ids: Sequence[UUID]) -> list[UUID]: ...


@rows
async def list_cited_by_user(connection: Connection, *, user_id: UUID, chunk_ids: Sequence[UUID]) -> list[UUID]: ...


@execute
async def create_missing(connection: Connection, *, stored_for: timedelta) -> int: ...
