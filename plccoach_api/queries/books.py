"""The books of the corpus."""

import builtins
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one_or_none, rows


class LoadedBook(Row, frozen=True):
    id: UUID
    content_hash: bytes


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a table of contents."""

    number: int | None
    title: str


class Book(Row, frozen=True):
    id: UUID
    title: str
    authors: tuple[str, ...]
    year: int | None
    product_url: str | None
    chapters: tuple[Chapter, ...]


@one_or_none
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
    """Returns the id of the book whose passages must be loaded, or None when the corpus already has the same text."""


@one_or_none
async def get_by_title(connection: Connection, *, title: str) -> LoadedBook | None: ...


@rows
async def list(connection: Connection) -> builtins.list[Book]:  # noqa: A001 - the name of its file
    ...
