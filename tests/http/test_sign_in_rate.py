"""The sign-in routes have a rate limit per client address, which all replicas share."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import psycopg
import pytest
from httpx import ASGITransport, AsyncClient, Response
from litestar.testing import AsyncTestClient

from plccoach_api import settings
from plccoach_api.app import create_app

LOGIN = "/auth/google/login"
# Nobody listens at the provider's address: a login that is not refused redirects to an error page of the front end.
GOOGLE = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret", "GOOGLE_ISSUER": "http://127.0.0.1:9"}


@asynccontextmanager
async def replica(database_url: str, **changes: str) -> AsyncIterator[AsyncClient]:
    """Yields a client of a new replica. Every request comes through a proxy at 10.0.0.1."""
    limited = {"SIGN_IN_RATE_LIMIT": "5", "TRUSTED_PROXIES": "10.0.0.0/8"}
    variables = {"DATABASE_URL": database_url} | GOOGLE | limited | changes
    app = create_app(settings.load(variables, None))
    through_proxy = ASGITransport(app, client=("10.0.0.1", 4711))  # type: ignore[arg-type]
    async with app.lifespan(), AsyncClient(transport=through_proxy, base_url="http://testserver.local") as client:
        yield client


async def knock(client: AsyncClient, address: str = "192.0.2.1", path: str = LOGIN) -> Response:
    return await client.get(path, headers={"X-Forwarded-For": address}, follow_redirects=False)


async def test_the_twenty_first_sign_in_of_a_minute_is_429(database_url: str) -> None:
    async with AsyncTestClient(create_app(settings.load({"DATABASE_URL": database_url} | GOOGLE, None))) as client:
        for _ in range(20):
            assert (await client.get(LOGIN, follow_redirects=False)).status_code == 302
        refused = await client.get(LOGIN, follow_redirects=False)
    assert refused.status_code == 429
    assert refused.json()["type"] == "urn:problem:too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Set-Cookie" not in refused.headers


async def test_the_limit_counts_all_sign_in_routes_together_and_no_other_routes(database_url: str) -> None:
    async with replica(database_url) as client:
        for path in (LOGIN, LOGIN, "/auth/google/login", "/auth/clever/callback", "/auth/google/callback"):
            assert (await knock(client, path=path)).status_code != 429
        for path in (LOGIN, "/auth/google/login", "/auth/google/callback", "/auth/clever/callback"):
            assert (await knock(client, path=path)).status_code == 429
        for path in ("/auth/providers", "/auth/dev/login", "/auth/me", "/health"):
            assert (await knock(client, path=path)).status_code != 429
        assert (await client.post("/auth/logout")).status_code == 200


async def test_replicas_count_together(database_url: str) -> None:
    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(replica(database_url)) for _ in range(2)]
        statuses = [(await knock(replicas[number % 2])).status_code for number in range(6)]
    assert statuses == [302] * 5 + [429]


async def test_each_address_has_its_own_limit(database_url: str) -> None:
    async with replica(database_url) as client:
        for _ in range(5):
            await knock(client, "192.0.2.1")
        assert (await knock(client, "192.0.2.1")).status_code == 429
        assert (await knock(client, "192.0.2.2")).status_code == 302


async def test_an_address_from_an_untrusted_proxy_is_ignored(database_url: str) -> None:
    async with replica(database_url, TRUSTED_PROXIES="203.0.113.0/24") as client:
        statuses = [(await knock(client, f"192.0.2.{number}")).status_code for number in range(6)]
    assert statuses == [302] * 5 + [429]


async def test_one_ipv6_subscriber_is_one_client(database_url: str) -> None:
    async with replica(database_url) as client:
        statuses = [(await knock(client, f"2001:db8::{number}")).status_code for number in range(6)]
        assert statuses == [302] * 5 + [429]
        assert (await knock(client, "2001:db8:0:1::1")).status_code == 302


async def test_a_new_window_starts_its_count_at_zero(database_url: str) -> None:
    async with replica(database_url) as client:
        for _ in range(6):
            await knock(client)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("UPDATE rate_limits SET ends_at = now() - interval '1 millisecond'")
        assert (await knock(client)).status_code == 302
        with psycopg.connect(database_url) as connection:
            assert connection.execute("SELECT requests FROM rate_limits").fetchone() == (1,)


@pytest.mark.parametrize("limit", ["1", "3"])
async def test_the_limit_is_configurable(database_url: str, limit: str) -> None:
    async with replica(database_url, SIGN_IN_RATE_LIMIT=limit) as client:
        statuses = [(await knock(client)).status_code for _ in range(int(limit) + 1)]
    assert statuses == [302] * int(limit) + [429]
