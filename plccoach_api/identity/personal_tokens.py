"""Creates and ends personal tokens, and records both in the audit log in the same transaction.

The transaction locks the owner, so that their tokens are counted and changed one at a time.
"""

from datetime import timedelta
from uuid import UUID

from plccoach_api import ids, problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.identity.administration import Actor, log_changes, record_audit
from plccoach_api.queries import personal_tokens, users
from plccoach_api.queries.personal_tokens import StoredToken
from plccoach_api.queries.users import Account
from plccoach_api.rules import personal_tokens as rules
from plccoach_api.rules.personal_tokens import MOST_TOKENS, PersonalToken
from plccoach_api.rules.roles import UserStatus


async def create_token(
    database: Database, actor: Actor, owner_id: UUID, *, name: str, lifetime: timedelta
) -> tuple[StoredToken, PersonalToken]:
    """Raises TooManyTokens when the owner has as many valid tokens as are allowed."""
    token = PersonalToken.new(owner_id)
    async with database.transaction() as connection:
        owner = await users.get_for_update(connection, id=owner_id, scope=None)
        # The account may have been deleted or deactivated since the request was authenticated.
        if owner is None or owner.status is UserStatus.inactive:
            raise problems.NotSignedIn
        if await personal_tokens.count_for_user(connection, user_id=owner_id) >= MOST_TOKENS:
            raise problems.TooManyTokens
        stored = await personal_tokens.create(
            connection,
            user_id=owner_id,
            id=ids.new(),
            name=name,
            token_hash=token.hash,
            hint=token.hint,
            lifetime=lifetime,
        )
        changed = [rules.creation(stored.id, stored.hint)]
        await record_audit(connection, actor, owner, changed)
    log_changes(actor, owner_id, changed)
    return stored, token


async def end_token(database: Database, actor: Actor, owner_id: UUID, token_id: UUID) -> None:
    """Raises NotFound when the owner has no such token, or when it has expired."""
    async with database.transaction() as connection:
        owner = await _require(connection, owner_id, None)
        ended = await personal_tokens.delete(connection, user_id=owner_id, id=token_id)
        if ended is None:
            raise problems.NotFound
        changed = [rules.end(ended.id, ended.hint)]
        await record_audit(connection, actor, owner, changed)
    log_changes(actor, owner_id, changed)


async def end_tokens(database: Database, actor: Actor, owner_id: UUID) -> None:
    """Ends all tokens of a person, for an administrator. Raises NotFound for a person outside the actor's scope."""
    async with database.transaction() as connection:
        owner = await _require(connection, owner_id, actor.scope)
        ended = await personal_tokens.delete_for_user(connection, user_id=owner_id)
        changed = [rules.end(token.id, token.hint) for token in ended]
        await record_audit(connection, actor, owner, changed)
    log_changes(actor, owner_id, changed)


async def _require(connection: Connection, owner_id: UUID, scope: UUID | None) -> Account:
    owner = await users.get_for_update(connection, id=owner_id, scope=scope)
    if owner is None:
        raise problems.NotFound
    return owner
