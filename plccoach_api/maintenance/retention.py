"""What has had its time is removed, a little at a time, so that nobody waits for it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import conversations, idempotency_keys, rate_limits, sessions, shares, sign_in_attempts
from plccoach_api.rules.sessions import IDLE
from plccoach_api.settings import Settings

# A conversation that was made and never asked in.
UNUSED_FOR = timedelta(hours=24)

# Few enough to be gone long before a statement's time-out.
_BATCH = 500


async def remove_expired(database: Database, settings: Settings) -> dict[str, int]:
    """How many rows were removed, by table. It may be stopped and begun again at any time."""
    archived_for = timedelta(days=settings.archive_retention_days)

    async def conversations_with_links(connection: Connection) -> int:
        removed = await conversations.delete_expired(
            connection, unused_for=UNUSED_FOR, archived_for=archived_for, limit=_BATCH
        )
        for conversation in removed:
            await shares.delete_for_conversation(
                connection, user_id=conversation.user_id, conversation_id=conversation.id
            )
        return len(removed)

    async def keys(connection: Connection) -> int:
        return await idempotency_keys.delete_expired(connection, limit=_BATCH)

    async def links(connection: Connection) -> int:
        return await shares.delete_expired(connection, limit=_BATCH)

    async def attempts(connection: Connection) -> int:
        return await sign_in_attempts.delete_expired(connection, limit=_BATCH)

    async def limits(connection: Connection) -> int:
        return await rate_limits.delete_ended(connection, limit=_BATCH)

    return {
        "conversations": await _all(database, conversations_with_links),
        "idempotency_keys": await _all(database, keys),
        "shares": await _all(database, links),
        "sessions": await remove_expired_sessions(database),
        "sign_in_attempts": await _all(database, attempts),
        "rate_limits": await _all(database, limits),
    }


async def remove_expired_sessions(database: Database) -> int:
    """Sessions that were not used for too long, or that are too old; says how many."""

    async def expired(connection: Connection) -> int:
        return await sessions.delete_expired(connection, idle=IDLE, limit=_BATCH)

    return await _all(database, expired)


async def _all(database: Database, remove: Callable[[Connection], Awaitable[int]]) -> int:
    """Batch after batch, each in a transaction of its own, until one comes back short."""
    removed = 0
    while True:
        async with database.transaction() as connection:
            batch = await remove(connection)
        removed += batch
        if batch < _BATCH:
            return removed
