"""The corpus as a whole: its statistics for BM25 and for the planner."""

from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one


class PassageLength(Row, frozen=True):
    """The average number of words in a passage: now, and when the weights were computed."""

    weighed_with: float
    average_length: float


@one
async def add_for_book(connection: Connection, *, book_id: UUID) -> PassageLength: ...


@one
async def remove_for_book(connection: Connection, *, book_id: UUID) -> PassageLength: ...


@execute
async def update_average(connection: Connection, *, average_length: float) -> int: ...


@execute
async def analyze(connection: Connection) -> None: ...
