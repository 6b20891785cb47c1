"""Books in the database: loaded once, replaced whole, by however many processes at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from plccoach_api import settings
from plccoach_api.corpus.load import load
from plccoach_api.database.pool import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(settings.load({"DATABASE_URL": database_url}, None))
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.md"
    path.write_text("# Zebras\n\nby Zoe\n\n## Chapter 1: Stripes\n\nZebras have stripes.")
    return path


def chunks(database_url: str) -> list[tuple[str, str]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(
            "SELECT c.id::text, c.content FROM chunks AS c JOIN books AS b ON b.id = c.book_id WHERE b.title = 'Zebras'"
        ).fetchall()


async def test_a_book_loaded_twice_changes_nothing(database: Database, database_url: str, book: Path) -> None:
    await load(database, [book])
    loaded = chunks(database_url)
    assert [content for _, content in loaded] == ["Zebras have stripes."]
    await load(database, [book])
    assert chunks(database_url) == loaded


async def test_a_changed_book_takes_the_place_of_the_old(database: Database, database_url: str, book: Path) -> None:
    await load(database, [book])
    book.write_text(book.read_text().replace("have stripes", "have black stripes"))
    await load(database, [book])
    assert [content for _, content in chunks(database_url)] == ["Zebras have black stripes."]


async def test_a_book_loaded_by_many_at_once_is_there_once(database: Database, database_url: str, book: Path) -> None:
    await asyncio.gather(*(load(database, [book]) for _ in range(8)))
    assert len(chunks(database_url)) == 1
