"""Changes of a user's role and status, which are recorded in the audit log."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from psycopg.errors import UniqueViolation

from plccoach_api import ids, logs, problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.identity import accounts
from plccoach_api.queries import audit_events, personal_tokens, sessions, users
from plccoach_api.queries.users import Account, User
from plccoach_api.rules import personal_tokens as token_rules
from plccoach_api.rules.client_address import normalized
from plccoach_api.rules.roles import AuditAction, Change, Provider, Role, Standing, UserStatus, changes

_log = logs.get_logger(__name__)


class UserExists(Exception):
    """The account of the provider belongs to a user already."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The user who makes a change. They may change the users of the organization `scope`, or all users without one.

    An actor without an id and an address is the command line, or a provider that sent a new role at a sign-in.
    """

    id: UUID | None = None
    address: str | None = None
    scope: UUID | None = None


async def create_user(
    database: Database, *, provider: Provider, subject: str, email: str, name: str, role: Role
) -> UUID:
    """Creates a user from the command line, and records the role in the audit log; returns the user's id.

    Raises UserExists when the provider's account is known.
    """
    async with database.transaction() as connection:
        try:
            account = await accounts.create(
                connection,
                provider=provider,
                subject=subject,
                organization_id=None,
                email=email,
                name=name,
                role=role,
                role_assigned=True,
                now=datetime.now(UTC),
            )
        except UniqueViolation:
            raise UserExists from None
        changed = [Change(AuditAction.role_changed, {}, {"role": role})]
        await record_audit(connection, Actor(), account, changed)
    log_changes(Actor(), account.id, changed)
    return account.id


async def update_user(
    database: Database, actor: Actor, user_id: UUID, *, role: Role | None = None, status: UserStatus | None = None
) -> User:
    """Changes the role, the status, or both, and records the change in the audit log in the same transaction.

    Becoming inactive ends the user's sessions and personal tokens.

    Raises NotFound for a user outside the actor's scope, and LastAdministrator when the change would leave the user's
    organization without an active administrator.
    """
    async with database.transaction() as connection:
        account, admins = await _lock(connection, actor, user_id)
        before = Standing(account.role, account.status)
        after = Standing(role or before.role, status or before.status)
        if before.administers and not after.administers and admins == [user_id]:
            raise problems.LastAdministrator
        # A role that stays the same is not audited, so it is not kept against the provider of the sign-in, either.
        assigned = after.role is not before.role
        await users.update(connection, id=user_id, role=after.role, status=after.status, role_assigned=assigned)
        changed = changes(before, after)
        if after.status is UserStatus.inactive:
            await sessions.delete_for_user(connection, user_id=user_id)
            ended = await personal_tokens.delete_for_user(connection, user_id=user_id)
            changed += [token_rules.end(token.id, token.hint) for token in ended]
        await record_audit(connection, actor, account, changed)
        user = await _get(connection, actor, user_id)
    log_changes(actor, user_id, changed)
    return user


async def record_audit(connection: Connection, actor: Actor, target: Account, changed: list[Change]) -> None:
    """Stores changes of a user in the audit log."""
    for change in changed:
        await audit_events.create(
            connection,
            id=ids.new(),
            organization_id=target.organization_id,
            actor_id=actor.id,
            target_id=target.id,
            action=change.action,
            before=change.before,
            after=change.after,
            address=normalized(actor.address),
        )


def log_changes(actor: Actor, target_id: UUID, changed: list[Change]) -> None:
    """Writes changes into the service's log. Call it after the commit."""
    for change in changed:
        _log.info(
            change.action.replace("_", " "),
            user_id=actor.id,
            target_id=target_id,
            before=change.before,
            after=change.after,
        )


async def _lock(connection: Connection, actor: Actor, user_id: UUID) -> tuple[Account, list[UUID]]:
    """Locks the user and the active administrators of the user's organization until the end of the transaction.

    The administrators are locked first, always in the same order, so that two concurrent changes do not deadlock.
    """
    user = await _get(connection, actor, user_id)
    admins = await users.list_admins_for_update(connection, organization_id=user.organization_id)
    account = await users.get_for_update(connection, id=user_id, scope=actor.scope)
    # The user may have moved to another organization between the read and the lock.
    if account is None or account.organization_id != user.organization_id:
        raise problems.NotFound
    return account, admins


async def _get(connection: Connection, actor: Actor, user_id: UUID) -> User:
    user = await users.get_for_admin(connection, user_id=user_id, scope=actor.scope)
    if user is None:
        raise problems.NotFound
    return user
