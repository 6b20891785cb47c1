"""Passages, as people read them: those of the corpus, and those that have left their books."""

from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one_or_none


class StoredPassage(Row, frozen=True):
    """`superseded` is true when the book no longer has the passage."""

    chunk_id: UUID
    book_id: UUID
    book_title: str
    authors: tuple[str, ...]
    year: int | None
    edition: str | None
    product_url: str | None
    chapter: int | None
    chapter_title: str
    first_page: int | None
    last_page: int | None
    content: str
    superseded: bool


@one_or_none
async def get(connection: Connection, *, chunk_id: UUID) -> StoredPassage | None: ...
