"""Finds passages whose similarity is that of the local embedder, whatever embedder found them.

The similarities of each model have a scale of their own. The thresholds of the judgement and of the follow-ups fit only
the scale of the local embedder.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from msgspec import structs

from plccoach_api.coach.retrieval.passages import DEFAULT_OPTIONS, SearchOptions, search
from plccoach_api.database.pool import Database
from plccoach_api.embedding.embedder import Embedder, Vector
from plccoach_api.embedding.local import LOCAL, vector_of
from plccoach_api.embedding.vectors import Matrix, inner_products, matrix
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.windows import windows


@dataclass(frozen=True, slots=True)
class PassageFinder:
    database: Database
    embedder: Embedder
    book_ids: Sequence[UUID] | None = None

    async def __call__(
        self, question: str, *, domains: Sequence[Domain] = (), options: SearchOptions = DEFAULT_OPTIONS
    ) -> list[Passage]:
        """Returns the passages of `search`, each as similar as its best window is to the question."""
        found = await search(
            self.database,
            question,
            embedder=self.embedder,
            domains=domains,
            book_ids=self.book_ids,
            options=options,
        )
        if self.embedder.provider == LOCAL.provider and all(each.best_window for each in found):
            return found
        # In a thread, because a passage that was not found before takes some milliseconds.
        return await asyncio.to_thread(_compared, found, await LOCAL.embed_question(question))


def _compared(found: Sequence[Passage], vector: Vector) -> list[Passage]:
    return [structs.replace(each, similarity=max(inner_products(vector, _windows(each.content)))) for each in found]


# A passage takes 10 kB, and a follow-up compares up to eighty passages.
@lru_cache(maxsize=500)
def _windows(content: str) -> Matrix:
    return matrix([vector_of(span.of(content)) for span in windows(content)])
