"""The books of the corpus."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class LoadedBook(Row, frozen=True):
    id: UUID
    content_hash: bytes


class Outline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chapter's line in the contents."""

    number: int | None
    title: str


class Book(Row, frozen=True):
    id: UUID
    title: str
    authors: tuple[str, ...]
    year: int | None
    product_url: str | None
    chapters: tuple[Outline, ...]


_replace = Statement("books/replace", UUID)
_get_by_title = Statement("books/get_by_title", LoadedBook)
_list = Statement("books/list", Book)


async def replace(
    connection: Connection,
    *,
    id: UUID,
    title: str,
    authors: Sequence[str],
    year: int | None,
    product_url: str | None,
    content_hash: bytes,
    now: datetime,
) -> UUID | None:
    """The id of the book whose passages must be loaded; None when the corpus has this very text."""
    return await _replace.one_or_none(
        connection,
        id=id,
        title=title,
        authors=[*authors],
        year=year,
        product_url=product_url,
        content_hash=content_hash,
        now=now,
    )


async def get_by_title(connection: Connection, *, title: str) -> LoadedBook | None:
    return await _get_by_title.one_or_none(connection, title=title)


async def list(connection: Connection) -> Sequence[Book]:  # noqa: A001 - the name of its file
    return await _list.all(connection)
