"""Answers whose process has died are given up, by whichever process finds them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import psycopg
import pytest

from plccoach_api import settings
from plccoach_api.coach.runs import rescuer
from plccoach_api.database.pool import Database

ABANDONED = """\
INSERT INTO messages
    (user_id, id, conversation_id, role, content, status, citations, domains, created_at, run_id, leased_until)
SELECT user_id, gen_random_uuid(), id, 'assistant', 'Some words', 'generating', '[]', '{}', now(), gen_random_uuid(),
    now() - interval '1 second'
FROM conversations
"""
CONVERSATION = """\
INSERT INTO conversations (user_id, id, status, created_at, updated_at)
SELECT id, gen_random_uuid(), 'active', now(), now() FROM users
"""
USER = """\
INSERT INTO users (id, name, role, status, created_at)
VALUES (gen_random_uuid(), 'Erin', 'educator', 'active', now())
"""

CANCELLED = """\
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def abandoned(database_url: str) -> str:
    """A database with an answer that nobody makes any more."""
    with psycopg.connect(database_url) as connection:
        for statement in (USER, CONVERSATION, ABANDONED):
            connection.execute(statement.encode())
    return database_url


@pytest.fixture
async def database(abandoned: str) -> AsyncIterator[Database]:
    database = Database(settings.load({"DATABASE_URL": abandoned}, None))
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def sweeping(database: Database) -> AsyncIterator[None]:
    task = asyncio.create_task(rescuer.run(database))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def becomes_failed(url: str, seconds: float) -> bool:
    async with asyncio.timeout(seconds), await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while True:
            cursor = await connection.execute("SELECT status, content FROM messages")
            if await cursor.fetchall() == [("failed", "Some words")]:
                return True
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("sweeping")
async def test_a_process_that_starts_gives_up_what_another_left(abandoned: str) -> None:
    assert await becomes_failed(abandoned, seconds=2)


async def test_what_could_not_be_swept_is_tried_again_soon(
    abandoned: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescuer, "_AGAIN_SECONDS", 0.1)
    with psycopg.connect(abandoned) as busy, psycopg.connect(abandoned, autocommit=True) as other:
        busy.execute("LOCK TABLE conversations")
        task = asyncio.create_task(rescuer.run(database))
        async with asyncio.timeout(2):
            while not other.execute(CANCELLED).fetchall():  # noqa: ASYNC110 - the server has no event of ours
                await asyncio.sleep(0.02)
    assert await becomes_failed(abandoned, seconds=2)
    task.cancel()
