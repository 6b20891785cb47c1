"""The books of the corpus."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

_replace = Statement("books/replace", UUID)


async def replace(
    connection: Connection,
    *,
    id: UUID,
    title: str,
    authors: Sequence[str],
    year: int | None,
    content_hash: bytes,
    now: datetime,
) -> UUID | None:
    """The id of the book whose passages must be loaded; None when the corpus has this very text."""
    return await _replace.one_or_none(
        connection, id=id, title=title, authors=list(authors), year=year, content_hash=content_hash, now=now
    )
