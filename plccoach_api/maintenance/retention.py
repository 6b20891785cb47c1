"""Removes expired rows, in batches that are small enough not to block a request."""

from collections.abc import Awaitable
from datetime import timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import (
    answers,
    citations,
    conversations,
    idempotency_keys,
    personal_tokens,
    planner,
    rate_limits,
    retired_passages,
    sessions,
    shares,
    sign_in_attempts,
)
from plccoach_api.rules.sessions import IDLE
from plccoach_api.settings import Settings

# A conversation without a question is removed after this time.
UNUSED_FOR = timedelta(hours=24)

# A passage that left its book stays this long without a citation: the answers that were generated then have ended.
UNCITED_FOR = timedelta(days=1)

# A batch of this size is removed long before the statement timeout.
_BATCH = 500


class _BatchRemover(Protocol):
    """Removes at most `limit` rows. Returns their number."""

    def __call__(self, connection: Connection, /, *, limit: int) -> Awaitable[int]: ...


async def remove_expired(database: Database, settings: Settings) -> dict[str, int]:
    """Returns the number of removed rows by table. It can be interrupted at any time, and run again."""
    await _end_abandoned_answers(database)
    archived_for = timedelta(days=settings.archive_retention_days)
    return {
        "conversations": await _remove_all(database, partial(_remove_conversations, archived_for=archived_for)),
        "retired_passages": await _remove_retired_passages(database),
        "idempotency_keys": await _remove_all(database, idempotency_keys.delete_expired),
        "shares": await _remove_all(database, shares.delete_expired),
        "sessions": await remove_expired_sessions(database),
        "personal_tokens": await _remove_all(database, personal_tokens.delete_expired),
        "sign_in_attempts": await _remove_all(database, sign_in_attempts.delete_expired),
        "rate_limits": await _remove_all(database, rate_limits.delete_ended),
    }


async def _remove_retired_passages(database: Database) -> int:
    """Deletes passages that have left their books and that no answer cites, some at a time, by id."""
    removed, after_id = 0, UUID(int=0)
    while True:
        chunk_ids = await database.run_idempotent(retired_passages.list_ids, after_id=after_id, limit=_BATCH)
        if not chunk_ids:
            return removed
        cited = {*await database.run_idempotent(citations.list_cited, chunk_ids=chunk_ids)}
        async with database.transaction() as connection:
            removed += await retired_passages.delete_old(
                connection, chunk_ids=[each for each in chunk_ids if each not in cited], retired_for=UNCITED_FOR
            )
        after_id = chunk_ids[-1]


async def _end_abandoned_answers(database: Database) -> None:
    """Their citations count only when they have ended. The rescuer does the same, unless no worker runs."""
    while user_ids := await database.run_idempotent(answers.list_abandoned, limit=_BATCH):
        if not await database.run_idempotent(answers.end_abandoned, user_ids=user_ids):
            break


async def remove_expired_sessions(database: Database) -> int:
    """Removes sessions that were idle for too long, or are too old. Returns their number."""
    return await _remove_all(database, partial(sessions.delete_expired, idle=IDLE))


async def _remove_conversations(connection: Connection, *, archived_for: timedelta, limit: int) -> int:
    removed = await conversations.delete_expired(
        connection, unused_for=UNUSED_FOR, archived_for=archived_for, limit=limit
    )
    # No foreign key leads from a share to its conversation, so the shares are deleted here, and all at once: a
    # transaction has no time for a round trip for each of them.
    token_hashes = await shares.list_for_conversations(
        connection, user_ids=[each.user_id for each in removed], conversation_ids=[each.id for each in removed]
    )
    if token_hashes:
        await shares.delete(connection, token_hashes=token_hashes)
    return len(removed)


async def _remove_all(database: Database, remove: _BatchRemover) -> int:
    """Removes batches, each in a transaction of its own, until a batch is not full."""
    removed = 0
    while True:
        async with database.transaction() as connection:
            # The generic plan takes a batch for a tenth of the table, and reads the whole table for it.
            await planner.force_custom_plan(connection)
            batch = await remove(connection, limit=_BATCH)
        removed += batch
        if batch < _BATCH:
            return removed
