"""Organizations: the districts of Clever and the Workspace domains of Google, known by their id at the provider."""

from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one_or_none
from plccoach_api.rules.roles import Provider


class Organization(Row, frozen=True):
    id: UUID
    name: str


@one_or_none
async def get_by_identity(connection: Connection, *, provider: Provider, external_id: str) -> Organization | None: ...


@execute
async def create(
    connection: Connection, *, id: UUID, provider: Provider, external_id: str, name: str, now: datetime
) -> None:
    """Raises UniqueViolation for a known organization."""


@execute
async def update_name(connection: Connection, *, id: UUID, name: str) -> None: ...
