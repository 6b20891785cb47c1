"""A connection is lost after the server ran a statement and before its response arrived."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.testing import AsyncTestClient
from psycopg import OperationalError

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.database.pool import Database
from plccoach_api.maintenance import daily
from plccoach_api.queries import rate_limits
from plccoach_api.settings import Settings
from tests.conftest import GENEROUS
from tests.losing import losing

Client = AsyncTestClient[Litestar]

_COUNT: dict[str, Any] = {"name": "test", "key": "erin", "duration": timedelta(minutes=1)}


# Nobody listens at the provider's address: a login redirects to an error page of the front end.
GOOGLE = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret", "GOOGLE_ISSUER": "http://127.0.0.1:9"}


def settings_of(url: str) -> Settings:
    return settings.load({"DATABASE_URL": url} | GENEROUS | GOOGLE, None)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(settings_of(url))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def unreliable(client: Client, database_url: str, response: bytes) -> AsyncIterator[AsyncClient]:
    """Yields the same browser at a replica that loses the first response of the database with these bytes."""
    async with losing(database_url, response) as url:
        app = create_app(settings_of(url))
        transport = ASGITransport(app)  # type: ignore[arg-type]
        # Litestar's client would block the event loop while it waits, and the proxy runs in that loop.
        async with (
            app.lifespan(),
            AsyncClient(transport=transport, base_url="http://testserver.local", cookies=client.cookies) as second,
        ):
            yield second


def run_if_due(url: str) -> dict[str, int] | None:
    """Runs the job in its own event loop, as the service's thread does, because the job also makes blocking calls."""
    return asyncio.run(daily.run_if_due(settings_of(url)))


def value(database_url: str, query: str) -> Any:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


async def test_outside_a_transaction_a_query_runs_again(database_url: str) -> None:
    async with losing(database_url, b"INSERT 0 1\0") as url, opened(url) as database:
        window = await database.run_idempotent(rate_limits.count, **_COUNT)
    assert window.requests == 2


async def test_a_transaction_is_rolled_back_and_does_not_run_again(database_url: str) -> None:
    async with losing(database_url, b"INSERT 0 1\0") as url, opened(url) as database:
        with pytest.raises(OperationalError):
            async with database.transaction() as connection:
                await rate_limits.count(connection, **_COUNT)
        async with database.transaction() as connection:
            window = await rate_limits.count(connection, **_COUNT)
    assert window.requests == 1


async def test_the_daily_job_stays_due_when_its_claim_is_lost(database_url: str) -> None:
    async with losing(database_url, b"INSERT 0 1\0") as url:
        with pytest.raises(OperationalError):
            await asyncio.to_thread(run_if_due, url)
        assert await asyncio.to_thread(run_if_due, url) is not None
        assert await asyncio.to_thread(run_if_due, url) is None


async def test_a_sign_in_counts_once(client: Client, database_url: str) -> None:
    async with unreliable(client, database_url, b"INSERT 0 1\0") as second:
        assert (await second.get("/auth/google/login", follow_redirects=False)).status_code == 503
        assert (await second.get("/auth/google/login", follow_redirects=False)).status_code == 302
    assert value(database_url, "SELECT requests FROM rate_limits WHERE name = 'sign-in'") == 1


async def test_an_opening_of_a_shared_link_counts_once(educator: Client, database_url: str) -> None:
    talk = (await educator.post("/api/conversations", json={})).json()["id"]
    token = (await educator.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})).json()["token"]
    await educator.get("/auth/dev/login", params={"email": "ada@example.org"}, follow_redirects=False)
    async with unreliable(educator, database_url, b"INSERT 0 1\0") as second:
        assert (await second.get(f"/api/shared/{token}")).status_code == 503
        assert (await second.get(f"/api/shared/{token}")).status_code == 200
    assert value(database_url, "SELECT visits FROM share_visits") == 1


async def test_a_session_that_was_ended_is_never_reported_as_unknown(educator: Client, database_url: str) -> None:
    educator.cookies.clear()
    await educator.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
    [other] = [each["id"] for each in (await educator.get("/auth/sessions")).json()["items"] if not each["current"]]
    async with unreliable(educator, database_url, b"DELETE 1\0") as second:
        assert (await second.delete(f"/auth/sessions/{other}")).status_code == 503
        assert (await second.delete(f"/auth/sessions/{other}")).status_code == 204
