"""Windows: consecutive sentences of a passage, each with its own vector."""

from collections.abc import Iterable
from uuid import UUID

from pgvector import HalfVector
from psycopg.types.numeric import Int4

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import copy


@copy
async def load(connection: Connection, rows: Iterable[tuple[UUID, UUID, Int4, Int4, HalfVector]]) -> int:
    """Loads rows of a passage, a set, the offsets of the window in the passage's text, and its vector."""
