"""What an administrator decides of a person: their role, and whether they may come in at all."""

from dataclasses import dataclass
from uuid import UUID

from plccoach_api import ids, logs, problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import audit_events, sessions, users
from plccoach_api.queries.users import Account, User
from plccoach_api.rules.client_address import valid
from plccoach_api.rules.roles import Change, Role, Standing, UserStatus, changes

_log = logs.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decides, and of whom: those within `scope`, an organization, or without one everybody.

    Nobody, from nowhere, is the command line, or a provider that sees a person otherwise than before.
    """

    id: UUID | None = None
    address: str | None = None
    scope: UUID | None = None


async def update_user(
    database: Database, actor: Actor, user_id: UUID, *, role: Role | None = None, status: UserStatus | None = None
) -> User:
    """Changes what is given, and notes it in the audit with the same commit.

    Raises NotFound outside the actor's scope, and LastAdministrator where nobody would be left to administer.
    """
    async with database.transaction() as connection:
        before, admins = await _locked(connection, actor, user_id)
        now = Standing(before.role, before.status)
        after = Standing(role or before.role, status or before.status)
        if now.administers and not after.administers and admins == [user_id]:
            raise problems.LastAdministrator
        await users.update(connection, id=user_id, role=after.role, status=after.status, role_assigned=role is not None)
        if after.status is UserStatus.inactive:
            await sessions.delete_for_user(connection, user_id=user_id)
        made = changes(now, after)
        await record_audit(connection, actor, before, made)
        user = await _user(connection, actor, user_id)
    log_changes(actor, user_id, made)
    return user


async def record_audit(connection: Connection, actor: Actor, target: Account, made: list[Change]) -> None:
    """Writes changes of a user into the audit."""
    for change in made:
        await audit_events.create(
            connection,
            id=ids.new(),
            organization_id=target.organization_id,
            actor_id=actor.id,
            target_id=target.id,
            action=change.action,
            before=change.before,
            after=change.after,
            address=valid(actor.address),
        )


def log_changes(actor: Actor, target_id: UUID, made: list[Change]) -> None:
    """Tells the log of changes that were committed."""
    for change in made:
        _log.info(
            change.action.replace("_", " "),
            user_id=actor.id,
            target_id=target_id,
            before=change.before,
            after=change.after,
        )


async def _locked(connection: Connection, actor: Actor, user_id: UUID) -> tuple[Account, list[UUID]]:
    """The user, and the active administrators beside whom they stand; both stay so until the commit."""
    seen = await _user(connection, actor, user_id)
    admins = await users.list_admins_for_update(connection, organization_id=seen.organization_id)
    account = await users.get_for_update(connection, id=user_id, scope=actor.scope)
    if account is None or account.organization_id != seen.organization_id:
        raise problems.NotFound
    return account, admins


async def _user(connection: Connection, actor: Actor, user_id: UUID) -> User:
    user = await users.get_for_admin(connection, id=user_id, scope=actor.scope)
    if user is None:
        raise problems.NotFound
    return user
