"""Books are loaded once, and replaced as a whole, even when several ingests run at once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from plccoach_api.corpus.finding import find
from plccoach_api.corpus.ingest import ingest
from plccoach_api.corpus.load import remove
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import LENGTH_PROBE
from plccoach_api.embedding.embedder import Embedder, EmbeddingUnavailable, Vector
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.windows import windows
from tests.books import ingest_trusted
from tests.corpus.test_chunks import words
from tests.waiting import until

TWIN = (
    "it is the same book as book.md in this run, by title, authors and edition; "
    "a book.toml beside one of them can change that"
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.md"
    path.write_text("# Zebras\n\nby Zoe\n\n## Chapter 1: Stripes\n\nZebras have stripes.")
    return path


def rows(database_url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(statement.encode()).fetchall()


def chunks(database_url: str) -> list[tuple[object, ...]]:
    return rows(
        database_url,
        "SELECT c.id::text, c.content FROM chunks AS c JOIN books AS b ON b.id = c.book_id "
        "WHERE b.title = 'Zebras' ORDER BY c.position",
    )


async def test_a_book_loaded_twice_changes_nothing(database_url: str, book: Path) -> None:
    [first] = await ingest_trusted(database_url, [book], LOCAL)
    assert (first.outcome, first.title, len(first.chapters), first.share) == ("loaded", "Zebras", 1, 1)
    loaded = chunks(database_url)
    assert [content for _, content in loaded] == ["Zebras have stripes."]
    [second] = await ingest_trusted(database_url, [book], LOCAL)
    assert second.outcome == "unchanged"
    assert first.book_id == second.book_id
    assert rows(database_url, f"SELECT title FROM books WHERE id = '{first.book_id}'") == [("Zebras",)]
    assert chunks(database_url) == loaded


async def test_a_changed_book_replaces_the_old(database_url: str, book: Path) -> None:
    await ingest_trusted(database_url, [book], LOCAL)
    book.write_text(book.read_text().replace("have stripes", "have black stripes"))
    [report] = await ingest_trusted(database_url, [book], LOCAL)
    assert report.outcome == "replaced"
    assert [content for _, content in chunks(database_url)] == ["Zebras have black stripes."]


async def test_the_planner_has_the_statistics_of_the_new_chunks(database_url: str, book: Path) -> None:
    await ingest_trusted(database_url, [book], LOCAL)
    counted = rows(database_url, "SELECT count(*) FROM chunks")
    assert rows(database_url, "SELECT reltuples::bigint FROM pg_class WHERE relname = 'chunks'") == counted


async def test_a_chunk_whose_text_did_not_change_keeps_its_id(database_url: str, book: Path) -> None:
    head = book.read_text()
    book.write_text(head + "\n\n## Chapter 2: Hooves\n\nZebras have hooves.")
    await ingest_trusted(database_url, [book], LOCAL)
    before = chunks(database_url)
    book.write_text(head + "\n\n## Chapter 2: Manes\n\nManes stand up.\n\n## Chapter 3: Hooves\n\nZebras have hooves.")
    await ingest_trusted(database_url, [book], LOCAL)
    after = chunks(database_url)
    assert [content for _, content in after] == ["Zebras have stripes.", "Manes stand up.", "Zebras have hooves."]
    assert [after[0][0], after[2][0]] == [before[0][0], before[1][0]]


@pytest.mark.slow
async def test_a_book_that_eight_ingests_load_at_once_is_stored_once(database_url: str, book: Path) -> None:
    reports = await asyncio.gather(*(ingest(database_url, [book], LOCAL) for _ in range(8)))
    assert sorted(report.outcome for [report] in reports) == ["loaded", *["unchanged"] * 7]
    assert len(chunks(database_url)) == 1


async def test_every_chunk_has_its_vector_and_its_weights(database_url: str, book: Path) -> None:
    book.write_text("# Zebras\n\n" + "\n\n".join(words(150, f"w{number}") for number in range(12)))
    await ingest_trusted(database_url, [book], LOCAL)
    book.write_text(book.read_text() + "\n\nOne more.")
    await ingest_trusted(database_url, [book], LOCAL)
    [(passages, embedded, weighed, staged)] = rows(
        database_url,
        "SELECT (SELECT count(*) FROM chunks), (SELECT count(*) FROM embeddings), "
        "(SELECT count(*) FROM chunk_weights), (SELECT count(*) FROM staged_embeddings)",
    )
    assert passages == embedded == weighed
    assert staged == 0


async def test_an_ingest_completes_the_weights_that_an_older_version_stored(database_url: str, book: Path) -> None:
    await ingest_trusted(database_url, [book], LOCAL)
    stems = "SELECT w.lexical FROM chunk_weights AS w ORDER BY w.chunk_id"
    complete = rows(database_url, stems)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE chunk_weights SET lexical = NULL")
    await ingest_trusted(database_url, [book], LOCAL)
    assert rows(database_url, stems) == complete
    assert ("'stripe' 'zebra'",) in complete


async def test_a_book_whose_joined_words_an_older_version_counted_whole_can_be_replaced(
    database_url: str, book: Path
) -> None:
    book.write_text(book.read_text().replace("have stripes", "meet parents/guardians"))
    await ingest_trusted(database_url, [book], LOCAL)
    count = "SELECT s.chunks FROM stems AS s WHERE s.stem = 'guardian'"
    assert rows(database_url, count) == [(1,)]
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE stems SET chunks = 0 WHERE stem = 'guardian'")
    book.write_text(book.read_text().replace("parents/guardians", "lions"))
    await ingest_trusted(database_url, [book], LOCAL)
    assert rows(database_url, count) == [(0,)]


_WINDOWS = (
    "SELECT c.content, substr(c.content, w.start_offset + 1, w.end_offset - w.start_offset) FROM chunk_windows AS w "
    "JOIN chunks AS c ON c.id = w.chunk_id JOIN books AS b ON b.id = c.book_id "
    "WHERE b.title = 'Zebras' ORDER BY c.position, w.start_offset"
)


async def test_every_chunk_has_its_windows_and_a_replaced_or_removed_book_leaves_none(
    database_url: str, book: Path
) -> None:
    def expected() -> list[tuple[object, ...]]:
        texts = [str(content) for _, content in chunks(database_url)]
        return [(text, span.of(text)) for text in texts for span in windows(text)]

    # Characters outside the first plane: the offsets count characters, as PostgreSQL does.
    book.write_text("# Zebras\n\n" + " ".join(f"🦓 number {number} runs. It rests." for number in range(20)))
    await ingest_trusted(database_url, [book], LOCAL)
    assert len(expected()) > 5
    assert rows(database_url, _WINDOWS) == expected()
    book.write_text("# Zebras\n\nA zebra eats. It rests. It runs. It sleeps. It wakes.")
    await ingest_trusted(database_url, [book], LOCAL)
    assert len(expected()) == 2
    assert rows(database_url, _WINDOWS) == expected()
    [(book_id,)] = rows(database_url, "SELECT id FROM books WHERE title = 'Zebras'")
    assert isinstance(book_id, UUID)
    async with ingest_lock(database_url) as connection:
        await remove(connection, book_id)
    assert rows(database_url, _WINDOWS) == []


async def test_an_ingest_adds_windows_to_books_that_were_loaded_before_there_were_any(
    database_url: str, book: Path
) -> None:
    await ingest_trusted(database_url, [book], LOCAL)
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM chunk_windows")
    [report] = await ingest_trusted(database_url, [book], LOCAL)
    assert report.outcome == "unchanged"
    assert [window for _, window in rows(database_url, _WINDOWS)] == ["Zebras have stripes."]


async def test_windows_get_no_vectors_of_more_than_1024_numbers(database_url: str, book: Path) -> None:
    await ingest_trusted(database_url, [book], Long())
    counts = (
        "SELECT (SELECT count(*) > 0 FROM embeddings AS e WHERE e.set_id = s.id), "
        "(SELECT count(*) > 0 FROM chunk_windows AS w WHERE w.set_id = s.id) FROM embedding_sets AS s ORDER BY s.model"
    )
    assert rows(database_url, counts) == [(True, False), (True, True)]


async def test_a_set_is_searched_before_it_has_windows(database_url: str, book: Path) -> None:
    passages = len(rows(database_url, "SELECT c.id FROM chunks AS c"))
    with pytest.raises(EmbeddingUnavailable):
        await ingest_trusted(database_url, [book], Failing(allowed=passages + 1))
    states = "SELECT s.state, count(w.set_id) FROM embedding_sets AS s LEFT JOIN chunk_windows AS w ON w.set_id = s.id"
    assert rows(database_url, f"{states} WHERE s.provider = 'failing' GROUP BY s.id") == [("ready", 0)]


class Long:
    provider, model, is_billed = "long", "long-1025", True

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [[1.0, *[0.0] * 1024] for _ in texts]

    async def embed_question(self, text: str) -> Vector:
        [vector] = await self.embed([text])
        return vector


async def test_the_counts_of_stems_follow_the_chunks(database_url: str, book: Path) -> None:
    stored_counts = "SELECT s.stem, s.chunks FROM stems AS s WHERE s.chunks > 0 ORDER BY s.stem"
    true_counts = (
        "SELECT own.stem, count(*) FROM chunks AS c CROSS JOIN stems_of(c.lexical) AS own GROUP BY own.stem ORDER BY 1"
    )
    await ingest_trusted(database_url, [book], LOCAL)
    assert rows(database_url, stored_counts) == rows(database_url, true_counts)
    book.write_text(book.read_text().replace("have stripes", "eat grass"))
    await ingest_trusted(database_url, [book], LOCAL)
    assert rows(database_url, stored_counts) == rows(database_url, true_counts)
    [(chunks_counted, length)] = rows(database_url, "SELECT chunks, length FROM corpora")
    [(chunks_true, length_true)] = rows(
        database_url, "SELECT count(*), sum(own.frequency) FROM chunks AS c, stems_of(c.lexical) AS own"
    )
    assert length == length_true
    assert [(chunks_counted,)] == rows(database_url, "SELECT count(*) FROM chunks")
    assert chunks_true


class Failing:
    """Embeds the allowed number of texts, then fails like a service that cannot be reached.

    The text that an ingest embeds first, to learn the length of the vectors, does not count.
    """

    provider, model, is_billed = "failing", "failing-256", True

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.embedded: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        if texts == [LENGTH_PROBE]:
            return await LOCAL.embed(texts)
        if len(texts) > self.allowed:
            raise EmbeddingUnavailable("it cannot be reached")
        self.allowed -= len(texts)
        self.embedded += texts
        return await LOCAL.embed(texts)

    async def embed_question(self, text: str) -> Vector:
        return await LOCAL.embed_question(text)


@pytest.fixture
async def interrupted(database_url: str, book: Path) -> Failing:
    """An ingest that stopped after it had embedded the first 64 of 100 chunks."""
    chapters = [f"## Chapter {number}: C\n\nText number {number}." for number in range(1, 101)]
    book.write_text("# Zebras\n\n" + "\n\n".join(chapters))
    embedder = Failing(allowed=70)
    with pytest.raises(EmbeddingUnavailable):
        await ingest_trusted(database_url, [book], embedder)
    return embedder


async def test_an_interrupted_ingest_continues_where_it_stopped(
    database_url: str, book: Path, interrupted: Failing
) -> None:
    assert chunks(database_url) == []
    assert len(interrupted.embedded) == 64
    interrupted.allowed = 1000
    [report] = await ingest_trusted(database_url, [book], interrupted)
    assert (report.outcome, len(report.chapters)) == ("loaded", 100)
    texts = [text for text in interrupted.embedded if text.startswith("Text number")]
    # Each is embedded as a passage, and as its only window.
    assert Counter(texts) == dict.fromkeys((f"Text number {number}." for number in range(1, 101)), 2)
    assert len(chunks(database_url)) == 100


async def test_the_vectors_of_a_new_model_are_searched_only_when_they_are_complete(
    database_url: str, book: Path
) -> None:
    states = "SELECT provider, state FROM embedding_sets ORDER BY provider"
    embedder: Embedder = Failing(allowed=0)
    with pytest.raises(EmbeddingUnavailable):
        await ingest_trusted(database_url, [], embedder)
    assert rows(database_url, states) == [("failing", "loading"), ("local", "ready")]
    await ingest_trusted(database_url, [book], Failing(allowed=1000))
    assert rows(database_url, states) == [("failing", "ready"), ("local", "ready")]
    [(first, second)] = rows(
        database_url,
        "SELECT count(*) FILTER (WHERE s.provider = 'failing'), count(*) FILTER (WHERE s.provider = 'local') "
        "FROM embeddings AS e JOIN embedding_sets AS s ON s.id = e.set_id",
    )
    assert isinstance(first, int)
    assert second == first - 1


async def test_the_other_books_are_loaded_when_one_is_broken(database_url: str, book: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.md"
    broken.write_bytes(b"\xff")
    twin = tmp_path / "twin.md"
    twin.write_text("# Zebras\n\nby Zoe\n\nOthers.")
    # Looking at such a path is an error, as at one in a folder without rights.
    unreachable = tmp_path / f"{'a' * 5000}.md"
    paths = find([broken, book, twin, tmp_path / "absent.md", unreachable]).books
    reports = await ingest(database_url, paths, LOCAL)
    assert [report.outcome for report in reports] == ["failed", "loaded", "failed", "failed", "failed"]
    assert [report.reason for report in reports] == [
        "it is not UTF-8 text, and its encoding is not known; save it as UTF-8",
        None,
        TWIN,
        "not found",
        "it cannot be read: File name too long",
    ]


async def test_while_a_book_is_replaced_readers_see_the_old_text_or_the_new(database_url: str, book: Path) -> None:
    texts = ["old " * 30, "new " * 30]
    book.write_text(f"# Zebras\n\n## Chapter 1: A\n\n{texts[0]}\n\n## Chapter 2: B\n\n{texts[0]}")
    await ingest_trusted(database_url, [book], LOCAL)
    seen = set()
    done = asyncio.Event()

    async def read_until_done() -> None:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            while not done.is_set():
                cursor = await connection.execute(
                    "SELECT array_agg(left(c.content, 3)) FROM chunks AS c JOIN books AS b ON b.id = c.book_id "
                    "WHERE b.title = 'Zebras'"
                )
                seen.add(str(await cursor.fetchone()))

    reader = asyncio.create_task(read_until_done())
    await until(lambda: seen)
    book.write_text(book.read_text().replace("old", "new"))
    await ingest_trusted(database_url, [book], LOCAL)
    done.set()
    await reader
    assert seen <= {"(['old', 'old'],)", "(['new', 'new'],)"}
    assert [content for _, content in chunks(database_url)] == [texts[1].strip()] * 2
