"""Opens a session for a person whose identity a provider has confirmed."""

from datetime import UTC, datetime

from psycopg.errors import ForeignKeyViolation, UniqueViolation

from plccoach_api import ids, logs
from plccoach_api.database.pool import Connection, Database
from plccoach_api.identity import accounts
from plccoach_api.identity.administration import Actor, log_changes, record_audit
from plccoach_api.identity.profile import Profile, SignInError, SignInRefused
from plccoach_api.queries import last_sign_ins, sessions, users
from plccoach_api.queries.users import Account
from plccoach_api.rules.roles import Change, Standing, UserStatus, changes
from plccoach_api.rules.sessions import LIFETIME, SessionToken

_log = logs.get_logger(__name__)

_USER_AGENT_CHARACTERS = 400
# Another sign-in at the same moment may have stored the organization, and one more the identity.
_COLLISIONS = 2


async def sign_in(
    database: Database, profile: Profile, *, user_agent: str, previous: SessionToken | None
) -> SessionToken:
    """Returns the token of a new session, and ends the browser's previous session.

    Updates the user from the profile. Raises SignInRefused for an inactive user, and then changes nothing.
    """
    user, changed, token = await _with_repetition(database, profile, user_agent, previous)
    log_changes(Actor(), user.id, changed)
    _log.info("signed in", user_id=user.id, provider=profile.provider, role=user.role)
    return token


async def _with_repetition(
    database: Database, profile: Profile, user_agent: str, previous: SessionToken | None
) -> tuple[Account, list[Change], SessionToken]:
    """Repeats the transaction when the person was stored or deleted in the meantime, or the organization was stored."""
    for _ in range(_COLLISIONS):
        try:
            return await _open_session(database, profile, user_agent, previous)
        except (UniqueViolation, ForeignKeyViolation):
            continue
    return await _open_session(database, profile, user_agent, previous)


async def _open_session(
    database: Database, profile: Profile, user_agent: str, previous: SessionToken | None
) -> tuple[Account, list[Change], SessionToken]:
    async with database.transaction() as connection:
        user, changed = await store_account(connection, profile, datetime.now(UTC))
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
        # Read last: the session's foreign key has waited for an administrator who is deactivating the user.
        if await users.get_status(connection, id=user.id) is not UserStatus.active:
            raise SignInRefused(SignInError.inactive, "the account is inactive")
    return user, changed, token


async def store_account(connection: Connection, profile: Profile, now: datetime) -> tuple[Account, list[Change]]:
    """Updates the profile's user and organization, or creates them at the first sign-in. Records the sign-in.

    Returns the changes of the role, which the audit log records. Raises UniqueViolation when another sign-in has
    created the user or the organization in the meantime.
    """
    known = await users.get_for_sign_in(connection, provider=profile.provider, subject=profile.subject)
    user = await accounts.update_or_create(connection, profile, known, now)
    await last_sign_ins.touch(connection, user_id=user.id, now=now)
    # The provider may have changed the role. The audit log records this like any other change.
    changed = changes(Standing(known.role, known.status), Standing(user.role, user.status)) if known else []
    await record_audit(connection, Actor(), user, changed)
    return user, changed


def _storable(user_agent: str) -> str:
    return user_agent.replace("\0", "")[:_USER_AGENT_CHARACTERS]
