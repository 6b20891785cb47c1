"""Reads whole passages, by whatever way a person asks for them, within the limit that keeps books from being copied."""

from uuid import UUID

from plccoach_api import problems
from plccoach_api.coach.quota import count_passage
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import citations, passages
from plccoach_api.queries.passages import StoredPassage


async def read_passage(database: Database, user_id: UUID, chunk_id: UUID) -> StoredPassage:
    """Returns a passage. One that has left its book is readable as long as an answer cites it, whosever answer that is.

    A passage that an own answer cites is not counted, and neither is one that does not exist. Raises NotFound or
    TooManyRequests.
    """
    passage, is_own = await database.run_idempotent(_find, user_id=user_id, chunk_id=chunk_id)
    if passage is None:
        raise problems.NotFound
    if not is_own:
        async with database.transaction() as connection:
            await count_passage(connection, user_id)
    return passage


async def _find(connection: Connection, *, user_id: UUID, chunk_id: UUID) -> tuple[StoredPassage | None, bool]:
    """Returns the passage, and whether an answer of the user cites it."""
    passage = await passages.get(connection, chunk_id=chunk_id)
    if passage is None:
        return None, False
    if await citations.list_cited_by_user(connection, user_id=user_id, chunk_ids=[chunk_id]):
        return passage, True
    if passage.superseded and not await citations.list_cited(connection, chunk_ids=[chunk_id]):
        return None, False
    return passage, False
