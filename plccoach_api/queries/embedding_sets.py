"""Embedding sets: one for each model, with all vectors of that model."""

import builtins
from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, one_or_none, rows
from plccoach_api.rules.embeddings import IndexKind, SetState


class EmbeddingSet(Row, frozen=True):
    id: UUID
    dimensions: int
    state: SetState
    index_kind: IndexKind | None


class StoredSet(Row, frozen=True):
    provider: str
    model: str
    state: SetState
    vectors: int
    passages: int
    """The passages of the whole corpus."""


@one_or_none
async def get(connection: Connection, *, provider: str, model: str, dimensions: int) -> EmbeddingSet | None: ...


@one
async def create(
    connection: Connection, *, id: UUID, provider: str, model: str, dimensions: int, now: datetime
) -> EmbeddingSet: ...


@execute
async def update_ready(connection: Connection, *, id: UUID) -> int: ...


@execute
async def update_index(connection: Connection, *, id: UUID, index_kind: IndexKind) -> int: ...


@rows
async def list(connection: Connection) -> builtins.list[StoredSet]: ...  # noqa: A001 - the name of its file
