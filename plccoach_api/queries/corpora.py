"""The corpus as a whole: what BM25 must know of it, and the planner."""

from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class Measure(Row, frozen=True):
    """How many words a passage has on average: when the weights were made, and now."""

    weighed_with: float
    average_length: float


_measure = Statement("corpora/measure", Measure)
_update_average = Statement("corpora/update_average", NoneType)
_analyze = Statement("corpora/analyze", NoneType)


async def measure(connection: Connection, *, book_id: UUID) -> Measure:
    return await _measure.one(connection, book_id=book_id)


async def update_average(connection: Connection, *, average_length: float) -> int:
    return await _update_average.execute(connection, average_length=average_length)


async def analyze(connection: Connection) -> None:
    await _analyze.execute(connection)
