"""The similarities of found passages are those of the local embedder, whatever embedder found them."""

from collections.abc import AsyncIterator, Sequence

import psycopg
import pytest

from plccoach_api.coach.judgement import Relevance, judge
from plccoach_api.coach.retrieval.passage_finder import PassageFinder
from plccoach_api.coach.retrieval.passages import search
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Database
from plccoach_api.embedding.embedder import EmbeddingUnavailable, Vector
from plccoach_api.embedding.local import LOCAL
from tests.conftest import opened

IN_SCOPE = "How should a team set norms?"
OFF_TOPIC = "Where is the best pizza in Chicago?"


class Far:
    """The local embedder on another scale: all texts are near to each other, as with many models of services."""

    provider, model, is_billed = "other", "far", True

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [[*(0.4 * number for number in vector), 0.9165] for vector in await LOCAL.embed(texts)]

    async def embed_question(self, text: str) -> Vector:
        [vector] = await self.embed([text])
        return vector


class Unavailable(Far):
    async def embed_question(self, text: str) -> Vector:
        raise EmbeddingUnavailable(f"the embedding service failed for {len(text)} characters")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database


@pytest.fixture
async def database_of_two_sets(database: Database, database_url: str) -> Database:
    async with ingest_lock(database_url) as connection:
        vectors = await Vectors.of(connection, Far())
        await vectors.complete(connection)
        await vectors.add_windows(connection)
    return database


@pytest.mark.parametrize("embedder", [LOCAL, Far(), Unavailable()])
async def test_passages_are_judged_alike_whatever_embedder_found_them(
    database_of_two_sets: Database, embedder: Far
) -> None:
    for question, relevance in ((IN_SCOPE, Relevance.answer), (OFF_TOPIC, Relevance.none)):
        found = await PassageFinder(database_of_two_sets, embedder)(question)
        assert await judge(found, question) is relevance


async def test_the_similarities_of_another_embedder_become_local_ones(database_of_two_sets: Database) -> None:
    raw = {each.chunk_id: each for each in await search(database_of_two_sets, IN_SCOPE, embedder=LOCAL)}
    found = await PassageFinder(database_of_two_sets, Far())(IN_SCOPE)
    for each in found:
        if each.chunk_id in raw:
            assert each.similarity == pytest.approx(raw[each.chunk_id].similarity, abs=2e-3)
    assert {each.chunk_id for each in found} & raw.keys()


async def test_a_passage_without_windows_is_as_similar_as_with_them(database: Database, database_url: str) -> None:
    before = {each.chunk_id: each.similarity for each in await search(database, IN_SCOPE, embedder=LOCAL)}
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM chunk_windows")
    after = await PassageFinder(database, LOCAL)(IN_SCOPE)
    both = {each.chunk_id: each.similarity for each in after if each.chunk_id in before}
    assert both
    assert both == pytest.approx({chunk_id: before[chunk_id] for chunk_id in both}, abs=2e-3)
