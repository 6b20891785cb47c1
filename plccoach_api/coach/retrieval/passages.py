"""Finds the passages that an answer can rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from plccoach_api import logs
from plccoach_api.database.pool import Connection, Database
from plccoach_api.embedding.embedder import Embedder, EmbeddingUnavailable, Vector
from plccoach_api.embedding.local import LOCAL
from plccoach_api.queries import chunks, embedding_sets, planner
from plccoach_api.queries.chunks import Passage
from plccoach_api.queries.embedding_sets import EmbeddingSet
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.embeddings import SetState, as_text
from plccoach_api.rules.relevance import relevant

_log = logs.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How passages are looked for; the defaults were chosen on data, see docs/decisions/retrieval.md."""

    limit: int = 7
    token_limit: int = 6_000
    lexical_weight: float = 1.0
    vector_weight: float = 0.8
    domain_boost: float = 0.1


_AS_CHOSEN = Search()
# An index needs the length of its vectors in the statement.
_INDEXED = {256: chunks.search_256, 1536: chunks.search_1536, 3072: chunks.search_3072}


async def find_passages(
    database: Database, question: str, *, embedder: Embedder = LOCAL, domains: Sequence[Domain] = ()
) -> list[Passage]:
    """Best first; none when the corpus has nothing to say on the question."""
    found = await search(database, question, embedder=embedder, domains=domains)
    return found if relevant(found, embedder.model) else []


async def search(
    database: Database, question: str, *, embedder: Embedder, domains: Sequence[Domain] = (), how: Search = _AS_CHOSEN
) -> list[Passage]:
    """The nearest passages, however far they are. Without vectors only words count."""
    embedding = await _embedding(embedder, question)
    return await database.run_idempotent(
        _find, question=question, embedder=embedder, embedding=embedding, domains=domains, how=how
    )


async def _find(
    connection: Connection,
    *,
    question: str,
    embedder: Embedder,
    embedding: Vector | None,
    domains: Sequence[Domain],
    how: Search,
) -> list[Passage]:
    vectors = await _set_of(connection, embedder, embedding)
    indexed = _INDEXED[vectors.dimensions] if vectors and vectors.indexed else None
    find = partial(
        indexed or chunks.search,
        question=question,
        set_id=vectors.id if vectors else None,
        embedding=as_text(embedding) if vectors and embedding else None,
        domains=domains,
        lexical_weight=how.lexical_weight,
        vector_weight=how.vector_weight,
        domain_boost=how.domain_boost,
        limit=how.limit,
        token_limit=how.token_limit,
    )
    if not indexed:
        return await find(connection)
    async with connection.transaction():
        await planner.prepare_indexed_search(connection)
        return await find(connection)


async def _embedding(embedder: Embedder, question: str) -> Vector | None:
    try:
        return await embedder.embed_question(question)
    except EmbeddingUnavailable:
        _log.warning("a question is searched for by its words alone", embedder=embedder.model)
        return None


async def _set_of(connection: Connection, embedder: Embedder, embedding: Vector | None) -> EmbeddingSet | None:
    if embedding is None:
        return None
    found = await embedding_sets.get(
        connection, provider=embedder.provider, model=embedder.model, dimensions=len(embedding)
    )
    return found if found and found.state is SetState.ready else None
