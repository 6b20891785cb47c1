"""Opens a session for a person whose identity a provider has confirmed."""

from datetime import UTC, datetime

from plccoach_api import ids, logs
from plccoach_api.database.pool import Connection, Database
from plccoach_api.identity.administration import Actor, log_changes, record_audit
from plccoach_api.identity.profile import Profile, SignInError, SignInRefused
from plccoach_api.queries import sessions, users
from plccoach_api.queries.users import Account
from plccoach_api.rules.roles import Standing, UserStatus, changes
from plccoach_api.rules.sessions import LIFETIME, SessionToken

_log = logs.get_logger(__name__)

_USER_AGENT_CHARACTERS = 400


async def sign_in(
    database: Database, profile: Profile, *, user_agent: str, previous: SessionToken | None
) -> SessionToken:
    """Returns the token of a new session, and ends the browser's previous session.

    Updates the user from the profile. Raises SignInRefused for an inactive user, and then changes nothing.
    """
    async with database.transaction() as connection:
        known = await users.get_for_sign_in(connection, provider=profile.provider, subject=profile.subject)
        user = await upsert_account(connection, profile, datetime.now(UTC))
        # The provider may have changed the role. The audit log records this like any other change.
        changed = changes(Standing(known.role, known.status), Standing(user.role, user.status)) if known else []
        await record_audit(connection, Actor(), user, changed)
        if user.status is UserStatus.inactive:
            raise SignInRefused(SignInError.inactive, "the account is inactive")
        if previous:
            await sessions.delete(connection, user_id=previous.user_id, token_hash=previous.hash)
        token = SessionToken.new(user.id)
        await sessions.create(
            connection,
            user_id=user.id,
            id=ids.new(),
            token_hash=token.hash,
            user_agent=_storable(user_agent),
            lifetime=LIFETIME,
        )
    log_changes(Actor(), user.id, changed)
    _log.info("signed in", user_id=user.id, provider=profile.provider, role=user.role)
    return token


async def upsert_account(connection: Connection, profile: Profile, now: datetime) -> Account:
    """Updates the profile's user and organization, or creates them at the first sign-in."""
    organization = profile.organization
    return await users.sign_in(
        connection,
        provider=profile.provider,
        subject=profile.subject,
        new_id=ids.new(),
        email=profile.email,
        name=profile.name,
        role=profile.role,
        new_organization_id=ids.new(),
        organization_external_id=organization.external_id if organization else None,
        organization_name=organization.name if organization else None,
        now=now,
    )


def _storable(user_agent: str) -> str:
    return user_agent.replace("\0", "")[:_USER_AGENT_CHARACTERS]
