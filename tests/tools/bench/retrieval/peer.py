"""The peer's search for passages: a column of `vector` without an index, filtered by domain."""

from collections.abc import Sequence
from uuid import UUID

from plccoach_api.database.pool import Connection
from tests.tools.bench.retrieval.synthetic import Question

_FILL = """\
CREATE TABLE peer AS
SELECT c.id, c.primary_domain AS domain, c.content, e.embedding::vector({dimensions}) AS embedding
FROM embeddings AS e
JOIN chunks AS c ON c.id = e.chunk_id
"""
_SEARCH = """\
SELECT id, content FROM peer
WHERE domain = %(domain)s
ORDER BY embedding <=> %(embedding)s::vector
LIMIT %(limit)s
"""


async def fill(connection: Connection, dimensions: int) -> None:
    await connection.execute(_FILL.format(dimensions=dimensions).encode())
    await connection.execute("CREATE INDEX ON peer (domain)")
    await connection.execute("VACUUM ANALYZE peer")


async def search(connection: Connection, question: Question, embedding: Sequence[float], limit: int) -> list[UUID]:
    parameters = {"domain": question.domain, "embedding": str([*embedding]), "limit": limit}
    cursor = await connection.execute(_SEARCH, parameters)
    return [row[0] for row in await cursor.fetchall()]
