"""Finds the passages that an answer can rest on."""

from plccoach_api.database.pool import Database
from plccoach_api.queries import chunks
from plccoach_api.queries.chunks import Passage

_PASSAGES = 7

# The least share of a question's weight that the best passage must hold; measured, see
# docs/decisions/retrieval.md.
RELEVANT = 0.47


async def retrieve(database: Database, question: str) -> list[Passage]:
    """Best first; none when the corpus has nothing to say on the question."""
    found = await database.run(chunks.search, question=question, limit=_PASSAGES)
    return found if found and found[0].coverage >= RELEVANT else []
