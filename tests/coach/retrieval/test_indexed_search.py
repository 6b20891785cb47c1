"""Large sets of vectors are searched by an index, through statements that must agree with the exact one."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psycopg
import pytest

from plccoach_api.coach.retrieval.passages import SearchOptions, search
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Database
from plccoach_api.embedding.embedder import EmbeddingUnavailable, Vector
from tests.books import ingest_trusted
from tests.conftest import database_like, opened
from tests.waiting import until

# The length that is indexed by values, and the shortest and the longest that are indexed by signs in these tests.
SIZES = [256, 384, 4096]
INDEXES = "SELECT relname FROM pg_class WHERE relname ~ '^embeddings_[0-9a-f]{32}_(signs_)?idx$'"


class Seeded:
    """An embedder with vectors of any length: texts that share words are near to each other, as with a model."""

    provider, is_billed = "seeded", False

    def __init__(self, dimensions: int) -> None:
        self.model = f"seeded-{dimensions}"
        self._dimensions = dimensions

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [await self.embed_question(text) for text in texts]

    async def embed_question(self, text: str) -> Vector:
        values = np.sum([random_vector(word, self._dimensions) for word in text.casefold().split()], axis=0)
        unit: list[float] = (values / np.linalg.norm(values)).tolist()
        return unit


@cache
def random_vector(word: str, dimensions: int) -> np.ndarray:
    seed = int.from_bytes(sha256(word.encode()).digest())
    return np.random.default_rng(seed).standard_normal(dimensions)


@pytest.fixture(scope="module")
def many(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with more passages than a search considers."""
    chapters = [f"## Chapter {number}: C\n\nPassage {number} of them." for number in range(1, 300)]
    book = tmp_path_factory.mktemp("many") / "book.md"
    book.write_text("# Many\n\n" + "\n\n".join(chapters))
    with database_like(postgres, template) as url:
        for dimensions in SIZES:
            asyncio.run(ingest_trusted(url, [book], Seeded(dimensions)))
        yield Path(urlsplit(url).path).name


@pytest.fixture
def database_url(postgres: str, many: str) -> Iterator[str]:
    """A clone whose planner avoids sorts and sequential scans, so that it uses the index over so few vectors."""
    with database_like(postgres, many) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in ("enable_sort", "enable_seqscan"):
                connection.execute(f"ALTER DATABASE {connection.info.dbname} SET {setting} = off".encode())
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database


async def index(database_url: str, dimensions: int) -> None:
    async with ingest_lock(database_url) as connection:
        vectors = await Vectors.of(connection, Seeded(dimensions))
        await vectors.complete(connection, most_exact=0)
        await vectors.add_windows(connection)


def index_scans(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        [(scans,)] = connection.execute(
            f"SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname IN ({INDEXES})".encode()
        ).fetchall()
    return int(scans)


@pytest.mark.parametrize("dimensions", SIZES)
async def test_the_index_finds_the_passages_that_an_exact_search_finds(
    database: Database, database_url: str, dimensions: int
) -> None:
    options = SearchOptions(limit=10, token_limit=10**6, lexical_weight=0.0)
    questions = [f"question {number}" for number in range(10)]
    exact = [await search(database, question, embedder=Seeded(dimensions), options=options) for question in questions]
    await index(database_url, dimensions)
    found = [await search(database, question, embedder=Seeded(dimensions), options=options) for question in questions]
    wanted = {(at, each.chunk_id) for at, passages in enumerate(exact) for each in passages}
    got = {(at, each.chunk_id) for at, passages in enumerate(found) for each in passages}
    assert len(wanted) == 100
    assert len(wanted & got) >= 95
    await database.close()
    # The server adds a connection's scans to its statistics some time after the connection was closed.
    await until(lambda: index_scans(database_url) >= 10)


@pytest.mark.parametrize("dimensions", SIZES)
async def test_passages_are_in_order_when_the_index_scan_continues_past_deleted_ones(
    database: Database, database_url: str, dimensions: int
) -> None:
    await index(database_url, dimensions)
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM chunks WHERE position % 3 > 0")
    options = SearchOptions(limit=100, token_limit=10**6, lexical_weight=0.0)
    for number in range(10):
        found = await search(database, f"question {number}", embedder=Seeded(dimensions), options=options)
        similarities = [each.similarity or 0 for each in found]
        assert len(similarities) == 100
        assert similarities == sorted(similarities, reverse=True)


@pytest.mark.usefixtures("database")
async def test_the_index_of_a_set_is_built_once(database_url: str) -> None:
    indexes = INDEXES.replace("relname", "oid", 1).encode()
    with psycopg.connect(database_url, autocommit=True) as connection:
        await index(database_url, 256)
        [first] = connection.execute(indexes).fetchall()
        await index(database_url, 256)
        assert connection.execute(indexes).fetchall() == [first]
        kind = "SELECT index_kind, indexed FROM embedding_sets WHERE model = 'seeded-256'"
        assert connection.execute(kind).fetchall() == [("values", True)]


async def test_an_index_over_the_values_of_long_vectors_is_dropped_by_the_next_ingest(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        [(set_id,)] = connection.execute("SELECT id FROM embedding_sets WHERE model = 'seeded-384'").fetchall()
        # Version 0.2 created it.
        connection.execute(
            f"CREATE INDEX embeddings_{set_id.hex}_idx ON embeddings"
            f" USING hnsw ((embedding::halfvec(384)) halfvec_ip_ops) WHERE set_id = '{set_id}'".encode()
        )
        await index(database_url, 384)
        assert [name for (name,) in connection.execute(INDEXES)] == [f"embeddings_{set_id.hex}_signs_idx"]


async def test_vectors_that_are_too_long_are_refused(database_url: str) -> None:
    with pytest.raises(EmbeddingUnavailable, match="vectors of 4097 numbers are too long: 4096 at most"):
        await index(database_url, 4097)


@pytest.mark.parametrize("dimensions", SIZES)
async def test_a_search_in_one_book_is_exact_though_there_is_an_index(
    database: Database, database_url: str, dimensions: int
) -> None:
    with psycopg.connect(database_url) as connection:
        [(book_id, passages_of_book)] = connection.execute(
            "SELECT b.id, count(*) FROM books AS b JOIN chunks AS c ON c.book_id = b.id "
            "WHERE b.title <> 'Many' GROUP BY b.id"
        ).fetchall()
    options = SearchOptions(limit=passages_of_book, token_limit=10**6, lexical_weight=0.0)
    embedder = Seeded(dimensions)
    await index(database_url, dimensions)
    for number in range(3):
        found = await search(database, f"question {number}", embedder=embedder, options=options, book_ids=[book_id])
        similarities = [each.similarity or 0 for each in found]
        assert {each.book_title for each in found} == {
            "Learning Together: A Handbook for Professional Learning Communities"
        }
        assert similarities == sorted(similarities, reverse=True)
        everything = await embeddings_of(database_url, embedder, book_id, f"question {number}")
        # Passages on the same pages as a better one are left out.
        assert similarities[0] == pytest.approx(everything[0], abs=1e-3)
        assert len(found) > 0.8 * min(100, passages_of_book)


async def embeddings_of(database_url: str, embedder: Seeded, book_id: object, question: str) -> list[float]:
    """Returns the similarities of all passages of a book without any index of vectors.

    A passage is compared by its best window, or by its own vector where the vectors are too long for windows.
    """
    vector = str([*await embedder.embed_question(question)])
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT coalesce(max(-(w.embedding <#> q.vector)), max(-(e.embedding <#> q.vector))) "
            "FROM (SELECT %s::halfvec AS vector) AS q CROSS JOIN chunks AS c JOIN embeddings AS e ON e.chunk_id = c.id "
            "JOIN embedding_sets AS s ON s.id = e.set_id "
            "LEFT JOIN chunk_windows AS w ON w.chunk_id = c.id AND w.set_id = s.id "
            "WHERE c.book_id = %s AND s.model = %s GROUP BY c.id ORDER BY 1 DESC",
            (vector, book_id, embedder.model),
        ).fetchall()
    return [similarity for (similarity,) in found]
