"""Two requests at the same moment, of two people or of one in two tabs: the other one commits first."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, LiteralString

import httpx
import psycopg
import pytest

from plccoach_api import settings
from plccoach_api.maintenance import retention
from tests.conftest import opened
from tests.http.asking import QUESTION, begin, read, slug
from tests.waiting import LOCK_WAITERS, until

QUERY = {"query": QUESTION}
CONTENT = {"content": QUESTION}
KEY = {"Idempotency-Key": "a key"}

# Each changes a row of a conversation `{c}`, or of its answer `{m}`.
CHANGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "post": ("POST", "/api/conversations/{c}/messages", {"json": CONTENT}),
    "stream": ("POST", "/api/conversations/{c}/messages/stream", {"json": CONTENT}),
    "rename": ("PATCH", "/api/conversations/{c}", {"json": {"title": "Norms"}}),
    "delete": ("DELETE", "/api/conversations/{c}", {}),
    "share": ("POST", "/api/conversations/{c}/share", {"json": {"expires_in_days": 7}}),
    "unshare": ("DELETE", "/api/conversations/{c}/share", {}),
    "give feedback": ("POST", "/api/messages/{m}/feedback", {"json": {"score": 1}}),
    "withdraw feedback": ("DELETE", "/api/messages/{m}/feedback", {}),
}
# Each creates a row of the person, or changes it.
OWN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "create a conversation": ("POST", "/api/conversations", {"json": {}}),
    "ask": ("POST", "/api/coach/query", {"json": QUERY}),
    "ask with a key": ("POST", "/api/coach/query", {"json": QUERY, "headers": KEY}),
    "post with a key": ("POST", "/api/conversations/{c}/messages", {"json": CONTENT, "headers": KEY}),
    "change my name": ("PATCH", "/auth/me", {"json": {"name": "Erin"}}),
    "create a token": ("POST", "/auth/tokens", {"json": {"name": "A program"}}),
}


@contextmanager
def holding(database_url: str, statement: LiteralString, *parameters: object) -> Iterator[psycopg.Connection]:
    """Yields the connection of a transaction that has run the statement and has not committed."""
    with psycopg.connect(database_url) as connection:
        connection.execute(statement, parameters)
        yield connection


async def until_waiting(database_url: str, requests: int = 1) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        await until(lambda: len(connection.execute(LOCK_WAITERS).fetchall()) == requests)


async def send(
    person: httpx.AsyncClient, request: tuple[str, str, dict[str, Any]], conversation_id: str
) -> httpx.Response:
    method, path, options = request
    message_id = (await read(person, conversation_id))["messages"][1]["id"]
    return await person.request(method, path.format(c=conversation_id, m=message_id), **options)


def count(database_url: str, table: LiteralString) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        assert row
        return int(row[0])


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_of_a_conversation_that_is_deleted_right_now_finds_nothing(
    erin: httpx.AsyncClient, database_url: str, name: str
) -> None:
    conversation_id = await begin(erin)
    with holding(database_url, "DELETE FROM conversations WHERE id = %s", conversation_id) as other:
        request = asyncio.create_task(send(erin, CHANGES[name], conversation_id))
        await until_waiting(database_url)
        other.commit()
        response = await request
    assert (response.status_code, slug(response)) == (404, "not-found")
    assert (count(database_url, "shares"), count(database_url, "messages")) == (0, 0)


@pytest.mark.parametrize("name", OWN)
async def test_a_person_whose_account_is_deleted_right_now_is_not_signed_in(
    erin: httpx.AsyncClient, database_url: str, name: str
) -> None:
    conversation_id = await begin(erin)
    with holding(database_url, "DELETE FROM users WHERE name = 'erin'") as other:
        request = asyncio.create_task(send(erin, OWN[name], conversation_id))
        await until_waiting(database_url)
        other.commit()
        response = await request
    assert (response.status_code, slug(response)) == (401, "not-signed-in")
    tables: tuple[LiteralString, ...] = ("conversations", "messages", "idempotency_keys", "personal_tokens", "shares")
    assert [count(database_url, each) for each in tables] == [0] * 5


@asynccontextmanager
async def sharing(erin: httpx.AsyncClient, database_url: str, conversation_id: str) -> AsyncIterator[None]:
    """Shares the conversation. The block runs when everything but the link is stored, and the link after it."""
    with holding(database_url, "LOCK TABLE shares IN SHARE ROW EXCLUSIVE MODE") as other:
        request = asyncio.create_task(send(erin, CHANGES["share"], conversation_id))
        await until_waiting(database_url)
        yield
        other.commit()
        assert (await request).status_code == 201


async def test_a_link_that_is_created_while_its_conversation_is_deleted_goes_with_it(
    erin: httpx.AsyncClient, database_url: str
) -> None:
    conversation_id = await begin(erin)
    async with sharing(erin, database_url, conversation_id):
        deletion = asyncio.create_task(erin.delete(f"/api/conversations/{conversation_id}"))
        await until_waiting(database_url, 2)
    assert (await deletion).status_code == 204
    assert (count(database_url, "shares"), count(database_url, "conversations")) == (0, 0)


async def test_a_conversation_that_is_shared_while_the_daily_job_would_delete_it_stays(
    erin: httpx.AsyncClient, database_url: str
) -> None:
    conversation_id = await begin(erin)
    await erin.patch(f"/api/conversations/{conversation_id}", json={"status": "archived"})
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE conversations SET archived_at = now() - interval '3 years'")
    async with opened(database_url) as database:
        async with sharing(erin, database_url, conversation_id):
            removal = asyncio.create_task(retention.remove_expired(database, settings.load({}, None)))
            await until_waiting(database_url, 2)
        await removal
    assert (count(database_url, "shares"), count(database_url, "conversations")) == (1, 1)
