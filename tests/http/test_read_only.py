"""A read-only database, as after a fail-over: reads are answered, and writes are refused with a time to try again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from tests import sql_coverage
from tests.http.asking import QUESTION, begin, read, slug
from tests.http.conftest import replica
from tests.waiting import SECONDS, until

Client = httpx.AsyncClient


@pytest.fixture
async def conversation(erin: Client) -> str:
    return await begin(erin)


@pytest.fixture
async def token(erin: Client, conversation: str) -> str:
    response = await erin.post(f"/api/conversations/{conversation}/share", json={"expires_in_days": 7})
    return str(response.json()["token"])


@pytest.fixture
async def reader(erin: Client, conversation: str, token: str, database_url: str) -> AsyncIterator[Client]:
    """Erin at a replica whose connections take no writes. Her session is due for a touch."""
    assert conversation
    assert token
    name = urlsplit(database_url).path[1:]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE sessions SET last_accessed_at = now() - interval '10 minutes'")
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        try:
            async with replica(database_url, cookies=erin.cookies) as client:
                yield client
        finally:
            connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())


async def test_reads_are_answered(reader: Client, conversation: str, token: str) -> None:
    answer = (await read(reader, conversation))["messages"][1]
    paths = [
        "/auth/me",
        "/api/conversations",
        f"/api/conversations/{conversation}",
        f"/api/conversations/{conversation}/messages",
        f"/api/conversations/{conversation}/export?format=markdown",
        f"/api/messages/{answer['id']}",
        f"/api/messages/{answer['id']}/stream",
        f"/api/shared/{token}",
        "/api/coach/books",
    ]
    assert {path: (await reader.get(path)).status_code for path in paths} == dict.fromkeys(paths, 200)


async def test_writes_are_refused_with_a_time_to_try_again(reader: Client, conversation: str) -> None:
    talk = f"/api/conversations/{conversation}"
    refused = [
        await reader.post("/api/conversations", json={}),
        await reader.patch(talk, json={"title": "Norms"}),
        await reader.delete(talk),
        await reader.post(f"{talk}/messages", json={"content": QUESTION}),
        await reader.post("/api/coach/query", json={"query": QUESTION}),
        await reader.post(f"{talk}/messages/stream", json={"content": QUESTION}),
        await reader.patch("/auth/me", json={"name": "Ada"}),
        await reader.post("/auth/logout"),
    ]
    assert {(each.status_code, slug(each), each.headers["Retry-After"]) for each in refused} == {
        (503, "database-unavailable", "2")
    }


async def test_an_expired_session_is_still_refused(reader: Client, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("UPDATE sessions SET last_accessed_at = now() - interval '1 day'")
    assert (await reader.get("/auth/me")).status_code == 401


async def test_a_reader_of_another_processs_answer_gets_its_end(
    reader: Client, conversation: str, database_url: str, run_folder: Path
) -> None:
    answer = (await read(reader, conversation))["messages"][1]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("UPDATE messages SET status = 'generating' WHERE id = %s", (answer["id"],))
        with sql_coverage.executions(run_folder, database_url, "messages/get") as reads:
            following = asyncio.create_task(reader.get(f"/api/messages/{answer['id']}/stream"))
            await until(lambda: reads() >= 2)
            connection.execute("UPDATE messages SET status = 'complete' WHERE id = %s", (answer["id"],))
            assert "event: message_complete" in (await asyncio.wait_for(following, SECONDS)).text
