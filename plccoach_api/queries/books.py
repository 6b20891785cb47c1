"""The books of the corpus."""

import builtins
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, one_or_none, rows


class BookHash(Row, frozen=True):
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
    edition: str | None
    product_url: str | None
    chapters: tuple[Chapter, ...]


class OutlinedChapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: UUID
    number: int | None
    title: str


class BookOutline(Row, frozen=True):
    """The parts of a book that a question may name. The pages are None for a book without pages."""

    id: UUID
    title: str
    authors: tuple[str, ...]
    year: int | None
    edition: str | None
    chapters: tuple[OutlinedChapter, ...]
    first_page: int | None
    last_page: int | None


class BookSize(Row, frozen=True):
    """A book with the size of its text. `cited` is the number of its passages that some answer cites."""

    id: UUID
    title: str
    authors: tuple[str, ...]
    year: int | None
    edition: str | None
    chapters: tuple[Chapter, ...]
    passages: int
    tokens: int
    loaded_at: datetime
    cited: int


@one
async def count(connection: Connection) -> int: ...


@one_or_none
async def get_by_identity(connection: Connection, *, identity: bytes) -> BookHash | None: ...


@execute
async def create(
    connection: Connection,
    *,
    id: UUID,
    identity: bytes,
    title: str,
    authors: Sequence[str],
    year: int | None,
    edition: str | None,
    product_url: str | None,
    content_hash: bytes,
    now: datetime,
) -> None: ...


@execute
async def update(
    connection: Connection,
    *,
    id: UUID,
    identity: bytes,
    title: str,
    authors: Sequence[str],
    year: int | None,
    edition: str | None,
    product_url: str | None,
    content_hash: bytes,
    now: datetime,
) -> int:
    """Raises UniqueViolation when another book has the identity."""


@execute
async def delete(connection: Connection, *, id: UUID) -> int: ...


@rows
async def list(connection: Connection) -> builtins.list[Book]:  # noqa: A001 - the name of its file
    ...


@rows
async def list_ids(connection: Connection, *, ids: Sequence[UUID]) -> builtins.list[UUID]: ...


@rows
async def list_loaded(connection: Connection, *, id: UUID | None) -> builtins.list[BookSize]:
    """Returns all books, or the one with this id."""


@rows
async def list_outlines(connection: Connection, *, book_ids: Sequence[UUID] | None) -> builtins.list[BookOutline]: ...
