"""Citations: which answer cites which passage. `messages.citations` has the same ids, with the quotes."""

from collections.abc import Sequence
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import rows


@rows
async def list_cited(connection: Connection, *, chunk_ids: Sequence[UUID]) -> list[UUID]: ...


@rows
async def list_cited_by_user(connection: Connection, *, user_id: UUID, chunk_ids: Sequence[UUID]) -> list[UUID]: ...
