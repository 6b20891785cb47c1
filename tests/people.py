"""Rows that tests need, made by our own create queries."""

from datetime import UTC, datetime
from uuid import UUID

from plccoach_api import ids
from plccoach_api.database.pool import Connection
from plccoach_api.queries import users
from plccoach_api.rules.roles import Provider, Role

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


async def make_user(connection: Connection, subject: str = "erin") -> UUID:
    user = await users.sign_in(
        connection,
        provider=Provider.development,
        subject=subject,
        new_id=ids.new(),
        email=f"{subject}@example.org",
        name=subject.title(),
        role=Role.educator,
        now=NOW,
    )
    return user.id
