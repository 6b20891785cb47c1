"""Above some number of vectors they are searched by an index: by other files, which must say the same."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psycopg
import pytest

from plccoach_api import resources, settings
from plccoach_api.coach.retrieval import passages
from plccoach_api.coach.retrieval.passages import Search, search
from plccoach_api.corpus.ingest import ingest
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Database
from plccoach_api.embedding.embedder import Vector
from plccoach_api.rules.embeddings import INDEXED_DIMENSIONS
from tests.conftest import database_like

SIZES = sorted(INDEXED_DIMENSIONS)


class Seeded:
    """Vectors of any length: the same text gets the same one, as if it were a model."""

    provider, is_billed = "seeded", False

    def __init__(self, dimensions: int) -> None:
        self.model = f"seeded-{dimensions}"
        self._dimensions = dimensions

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [await self.embed_question(text) for text in texts]

    async def embed_question(self, text: str) -> Vector:
        seed = int.from_bytes(sha256(text.encode()).digest())
        values = np.random.default_rng(seed).standard_normal(self._dimensions)
        unit: list[float] = (values / np.linalg.norm(values)).tolist()
        return unit


@pytest.fixture(scope="module")
def many(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with more passages than are looked for, and a planner that sorts only what it must."""
    chapters = [f"## Chapter {number}: C\n\nPassage {number} of them." for number in range(1, 300)]
    book = tmp_path_factory.mktemp("many") / "book.md"
    book.write_text("# Many\n\n" + "\n\n".join(chapters))
    with database_like(postgres, template) as url:
        for dimensions in SIZES:
            asyncio.run(ingest(url, [book], Seeded(dimensions)))
        yield Path(urlsplit(url).path).name


@pytest.fixture
def database_url(postgres: str, many: str) -> Iterator[str]:
    with database_like(postgres, many) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in ("enable_sort", "enable_seqscan"):
                connection.execute(f"ALTER DATABASE {connection.info.dbname} SET {setting} = off".encode())
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(settings.load({"DATABASE_URL": database_url}, None))
    await database.open()
    yield database
    await database.close()


async def index(database_url: str, dimensions: int) -> None:
    async with ingest_lock(database_url) as connection:
        vectors = await Vectors.of(connection, Seeded(dimensions))
        await vectors.complete(connection, exact=0)


@pytest.mark.parametrize("dimensions", SIZES)
async def test_an_index_finds_what_looking_at_all_finds(database: Database, database_url: str, dimensions: int) -> None:
    how = Search(limit=10, token_limit=10**6, lexical_weight=0.0)
    questions = [f"question {number}" for number in range(10)]
    exact = [await search(database, question, embedder=Seeded(dimensions), how=how) for question in questions]
    await index(database_url, dimensions)
    found = [await search(database, question, embedder=Seeded(dimensions), how=how) for question in questions]
    wanted = {(at, each.chunk_id) for at, passages in enumerate(exact) for each in passages}
    got = {(at, each.chunk_id) for at, passages in enumerate(found) for each in passages}
    assert len(wanted) == 100
    assert len(wanted & got) >= 95
    # A connection tells what it scanned at its end.
    await database.close()
    with psycopg.connect(database_url) as connection:
        [(scans,)] = connection.execute(
            "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname ~ '^embeddings_[0-9a-f]{32}_idx$'"
        ).fetchall()
    assert scans >= 10


@pytest.mark.usefixtures("database")
async def test_a_set_has_its_index_made_once(database_url: str) -> None:
    await index(database_url, 256)
    await index(database_url, 256)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT indexed FROM embedding_sets WHERE model = 'seeded-256'").fetchall() == [
            (True,)
        ]


def test_each_length_that_can_be_indexed_has_its_statement() -> None:
    assert sorted(passages._INDEXED) == SIZES


@pytest.mark.parametrize("dimensions", SIZES)
def test_the_indexed_search_is_the_exact_one_but_for_the_length_of_its_vectors(dimensions: int) -> None:
    def code(name: str) -> str:
        return re.sub(r"--[^\n]*\n", "", (resources.SQL / "chunks" / f"{name}.sql").read_text())

    indexed = code(f"search_{dimensions}")
    assert indexed.replace(f"e.embedding::halfvec({dimensions}) <#>", "e.embedding <#>", 1) == code("search")
