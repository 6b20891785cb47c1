"""Searches the corpus for the passages that an answer can cite."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from msgspec import structs
from pgvector import HalfVector

from plccoach_api import logs
from plccoach_api.database.pool import Connection, Database
from plccoach_api.embedding.embedder import Embedder, EmbeddingUnavailable
from plccoach_api.queries import chunks, embedding_sets, embeddings, planner
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.embeddings import IndexKind, SetState
from plccoach_api.rules.stems import differing

_log = logs.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """The defaults were chosen by measurement: see docs/decisions/retrieval.md."""

    limit: int = 7
    token_limit: int = 6_000
    lexical_weight: float = 1.0
    vector_weight: float = 0.7
    domain_boost: float = 0.1


DEFAULT_OPTIONS = SearchOptions()
_NONE = "{}"
# PostgreSQL reads "team.What" as the name of a host.
_STOP_WITHOUT_SPACE = re.compile(r"(?<=[a-z]{2})\.(?=[A-Z][a-z])")
# A statement uses an index only if it contains the index's expression.
_BY_INDEX = {
    IndexKind.values: (planner.track_300_candidates, embeddings.nearest_by_values),
    IndexKind.signs: (planner.track_200_candidates, embeddings.nearest_by_signs),
}


async def search(
    database: Database,
    question: str,
    *,
    embedder: Embedder,
    domains: Sequence[Domain] = (),
    book_ids: Sequence[UUID] | None = None,
    options: SearchOptions = DEFAULT_OPTIONS,
) -> list[Passage]:
    """Returns the best passages, best first. They may not answer the question."""
    embedding = await _embed(embedder, question)
    # Two calls, because each call has its own timeout. A single call could exceed it, and would then be repeated.
    set_id, nearest = await database.run_on_replica(
        _find_nearest, embedder=embedder, embedding=embedding, book_ids=book_ids
    )
    found: list[Passage] = await database.run_on_replica(
        _search_in_books if book_ids else chunks.search,
        question=_STOP_WITHOUT_SPACE.sub(". ", question),
        set_id=set_id,
        embedding=embedding,
        nearest=nearest,
        domains=domains,
        book_ids=book_ids,
        lexical_weight=options.lexical_weight,
        vector_weight=options.vector_weight,
        domain_boost=options.domain_boost,
        limit=options.limit,
        token_limit=options.token_limit,
    )
    return _with_our_stems([structs.replace(each, content=_shared(each.content)) for each in found], question)


# Each search reads its texts anew. Equal texts become one object, so that the caches keyed by a text hold it once.
@lru_cache(maxsize=500)
def _shared(content: str) -> str:
    return content


def _with_our_stems(found: list[Passage], question: str) -> list[Passage]:
    """Writes the stems as the sentences of the passages have them."""
    ours = differing(found[0].weights.keys(), question) if found else {}
    if not ours:
        return found
    weights = {ours.get(stem, stem): weight for stem, weight in found[0].weights.items()}
    return [
        structs.replace(each, weights=weights, found_stems=tuple(ours.get(stem, stem) for stem in each.found_stems))
        for each in found
    ]


def fitting(passages: Sequence[Passage], options: SearchOptions = DEFAULT_OPTIONS) -> list[Passage]:
    """Returns the first passages of a deeper search: as many as these options allow."""
    chosen: list[Passage] = []
    tokens = 0
    for passage in passages:
        if len(chosen) < options.limit and tokens + passage.tokens <= options.token_limit:
            chosen.append(passage)
            tokens += passage.tokens
    return chosen


async def _search_in_books(connection: Connection, **parameters: Any) -> list[Passage]:
    """Searches some books. Only a plan that knows that the filter is set can use the index over the books."""
    async with connection.transaction():
        await planner.force_custom_plan(connection)
        return await chunks.search(connection, **parameters)


async def _find_nearest(
    connection: Connection, *, embedder: Embedder, embedding: HalfVector | None, book_ids: Sequence[UUID] | None
) -> tuple[UUID | None, str]:
    """Returns the embedder's set and the ids of its nearest passages; None and no ids without a set or a vector."""
    if embedding is None:
        return None, _NONE
    names = {"provider": embedder.provider, "model": embedder.model}
    if book_ids:
        chosen = await embedding_sets.get(connection, **names, dimensions=embedding.dimensions())
        if chosen is None or chosen.state is not SetState.ready:
            return None, _NONE
        return chosen.id, await embeddings.nearest_in_books(
            connection, set_id=chosen.id, embedding=embedding, book_ids=book_ids
        )
    found = await embeddings.nearest(connection, **names, dimensions=embedding.dimensions(), embedding=embedding)
    if found is None:
        return None, _NONE
    if found.index_kind is None:
        return found.id, found.nearest
    return found.id, await _nearest_by_index(connection, found.index_kind, set_id=found.id, embedding=embedding)


async def _nearest_by_index(connection: Connection, kind: IndexKind, *, set_id: UUID, embedding: HalfVector) -> str:
    track_candidates, nearest = _BY_INDEX[kind]
    async with connection.transaction():
        await planner.force_custom_plan(connection)
        await track_candidates(connection)
        await planner.set_iterative_scan(connection)
        return await nearest(connection, set_id=set_id, embedding=embedding)


async def _embed(embedder: Embedder, question: str) -> HalfVector | None:
    try:
        return HalfVector([*await embedder.embed_question(question)])
    except EmbeddingUnavailable:
        _log.warning("question searched by its words only", embedder=embedder.model)
        return None
