"""Users for tests, created by the service's own sign-in."""

from datetime import UTC, datetime
from uuid import UUID

from plccoach_api.database.pool import Connection, Database
from plccoach_api.identity.profile import Organization, Profile
from plccoach_api.identity.sign_in import sign_in, store_account
from plccoach_api.rules.roles import Provider, Role

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
LINCOLN = Organization("4fd43cc56d11340000000005", "Lincoln District")
WASHINGTON = Organization("5a4fcb9a1b2c3d4e5f6a7b99", "Washington District")


def make_profile(
    subject: str = "erin",
    *,
    provider: Provider = Provider.development,
    role: Role = Role.educator,
    organization: Organization | None = None,
) -> Profile:
    return Profile(
        provider=provider,
        subject=subject,
        name=subject.title(),
        email=f"{subject}@example.org",
        role=role,
        organization=organization,
    )


async def make_user(connection: Connection, subject: str = "erin") -> UUID:
    async with connection.transaction():
        user, _ = await store_account(connection, make_profile(subject), NOW)
    return user.id


async def session_cookie(
    database: Database, subject: str, role: Role = Role.educator, organization: Organization | None = LINCOLN
) -> dict[str, str]:
    """Signs somebody in; returns the Cookie header of the session. People with an organization come from Clever."""
    provider = Provider.clever if organization else Provider.development
    profile = make_profile(subject, provider=provider, role=role, organization=organization)
    token = await sign_in(database, profile, user_agent="", previous=None)
    return {"Cookie": f"plc_session={token}"}
