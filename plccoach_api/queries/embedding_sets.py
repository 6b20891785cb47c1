"""Sets of embeddings: all vectors that one model made."""

from datetime import datetime
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.embeddings import SetState


class EmbeddingSet(Row, frozen=True):
    id: UUID
    dimensions: int
    state: SetState
    indexed: bool


_get = Statement("embedding_sets/get", EmbeddingSet)
_create = Statement("embedding_sets/create", EmbeddingSet)
_update_ready = Statement("embedding_sets/update_ready", NoneType)
_update_indexed = Statement("embedding_sets/update_indexed", NoneType)


async def get(connection: Connection, *, provider: str, model: str, dimensions: int) -> EmbeddingSet | None:
    return await _get.one_or_none(connection, provider=provider, model=model, dimensions=dimensions)


async def create(
    connection: Connection, *, id: UUID, provider: str, model: str, dimensions: int, now: datetime
) -> EmbeddingSet:
    return await _create.one(connection, id=id, provider=provider, model=model, dimensions=dimensions, now=now)


async def update_ready(connection: Connection, *, id: UUID) -> int:
    return await _update_ready.execute(connection, id=id)


async def update_indexed(connection: Connection, *, id: UUID) -> int:
    return await _update_indexed.execute(connection, id=id)
