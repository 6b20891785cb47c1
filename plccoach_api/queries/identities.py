"""Identities: a provider, and a user's id at that provider (`subject`). Each user has one."""

from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import execute
from plccoach_api.rules.roles import Provider


@execute
async def create(connection: Connection, *, provider: Provider, subject: str, user_id: UUID, now: datetime) -> None:
    """Raises UniqueViolation for a known identity. The user must be stored before the commit."""
