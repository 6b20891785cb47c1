"""The sign-in for development, and the life of its session."""

import asyncio
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import psycopg
import pytest
from litestar.testing import AsyncTestClient

from plccoach_api import settings
from plccoach_api.app import create_app
from tests import sql_coverage

Client = httpx.AsyncClient
LOGIN = "/auth/dev/login"


async def sign_in(client: Client, email: str = "erin@example.org", **parameters: str) -> str:
    response = await client.get(LOGIN, params={"email": email, **parameters}, follow_redirects=False)
    assert response.status_code == 302
    return str(client.cookies["plc_session"])


async def test_the_session_cookie_has_the_attributes_of_the_contract(client: Client) -> None:
    response = await client.get(LOGIN, follow_redirects=False)
    name_and_value, *attributes = response.headers["Set-Cookie"].split("; ")
    assert name_and_value.startswith("plc_session=")
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=86400"}


async def test_over_https_the_cookie_is_bound_to_the_host(database_url: str) -> None:
    https = settings.load({"DATABASE_URL": database_url, "PUBLIC_URL": "https://localhost:8443"}, None)
    async with AsyncTestClient(create_app(https), base_url="https://testserver.local") as client:
        response = await client.get(LOGIN, follow_redirects=False)
        name_and_value, *attributes = response.headers["Set-Cookie"].split("; ")
        assert name_and_value.startswith("__Host-plc_session=")
        assert "Secure" in attributes
        assert not any(attribute.startswith("Domain") for attribute in attributes)
        assert (await client.get("/auth/me")).status_code == 200


async def test_sign_in_returns_to_the_front_end(client: Client) -> None:
    response = await client.get(LOGIN, follow_redirects=False)
    assert response.headers["Location"] == "http://localhost:5173/dashboard"


@pytest.mark.parametrize("path", ["/try", "/docs", "/docs#/coach/askCoach", "/redoc", "/passages/1"])
async def test_sign_in_returns_to_a_page_of_the_service(client: Client, path: str) -> None:
    response = await client.get(LOGIN, params={"next": path}, follow_redirects=False)
    assert response.headers["Location"] == f"http://localhost:8000{path}"


async def test_sign_in_returns_to_a_path_of_the_front_end(client: Client) -> None:
    response = await client.get(LOGIN, params={"next": "/conversations/7"}, follow_redirects=False)
    assert response.headers["Location"] == "http://localhost:5173/conversations/7"


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "/\\evil.example"])
async def test_sign_in_ignores_a_next_that_leads_to_another_host(client: Client, path: str) -> None:
    response = await client.get(LOGIN, params={"next": path}, follow_redirects=False)
    assert response.headers["Location"] == "http://localhost:5173/dashboard"


async def test_me_is_the_person_of_the_session(client: Client) -> None:
    await sign_in(client, "Ada.Coach@example.org", name="Ada", role="coach")
    me = (await client.get("/auth/me")).json()
    assert list(me) == [
        *("id", "email", "name", "role", "organization", "sso_provider", "created_at", "last_login"),
    ]
    assert (me["email"], me["name"], me["role"]) == ("Ada.Coach@example.org", "Ada", "coach")
    assert (me["organization"], me["sso_provider"]) == (None, "development")
    assert me["created_at"].endswith("Z")
    assert datetime.now(UTC) - datetime.fromisoformat(me["last_login"]) < timedelta(minutes=1)


async def test_name_and_role_default_to_the_email_and_educator(client: Client) -> None:
    await sign_in(client, "grace@example.org")
    me = (await client.get("/auth/me")).json()
    assert (me["name"], me["role"]) == ("grace", "educator")


async def test_the_same_email_is_the_same_person_in_any_case_of_its_letters(client: Client) -> None:
    await sign_in(client, "erin@example.org", role="admin")
    first = (await client.get("/auth/me")).json()
    await sign_in(client, "Erin@Example.org")
    second = (await client.get("/auth/me")).json()
    assert first["id"] == second["id"]
    assert first["created_at"] == second["created_at"]
    assert second["role"] == "educator"


@pytest.mark.parametrize("query", ["email=nobody", "email=", "email=a@b%00c", "role=owner", "name=", "name=a%00b"])
async def test_an_invalid_sign_in_is_400(client: Client, query: str) -> None:
    response = await client.get(f"{LOGIN}?{query}", follow_redirects=False)
    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


async def test_in_production_there_is_no_development_sign_in(database_url: str) -> None:
    production = settings.load(
        {
            "ENVIRONMENT": "production",
            "DATABASE_URL": database_url,
            "PUBLIC_URL": "https://api.example.org",
            "FRONTEND_URL": "https://coach.example.org",
        },
        None,
    )
    async with AsyncTestClient(create_app(production), base_url="https://testserver.local") as client:
        response = await client.get(f"{LOGIN}?email=eve@example.org", follow_redirects=False)
    assert response.status_code == 404
    assert "Set-Cookie" not in response.headers


async def test_only_the_hash_of_the_secret_is_stored(client: Client, database_url: str) -> None:
    token = await sign_in(client)
    secret = urlsafe_b64decode(token)[16:]
    assert len(secret) == 32
    with psycopg.connect(database_url) as connection:
        stored = connection.execute("SELECT token_hash FROM sessions").fetchall()
        dump = connection.execute("SELECT s::text FROM sessions AS s").fetchall()
    assert stored == [(sha256(secret).digest(),)]
    assert token not in str(dump)
    assert secret.hex() not in str(dump)


async def test_a_new_sign_in_ends_the_old_session_of_that_browser(client: Client) -> None:
    old = await sign_in(client)
    new = await sign_in(client)
    assert old != new
    client.cookies.clear()
    assert (await client.get("/auth/me", headers={"Cookie": f"plc_session={old}"})).status_code == 401
    assert (await client.get("/auth/me", headers={"Cookie": f"plc_session={new}"})).status_code == 200


async def test_logout_ends_the_session_and_clears_the_cookie(client: Client) -> None:
    token = await sign_in(client)
    response = await client.post("/auth/logout")
    assert response.json() == {"message": "Logged out successfully"}
    assert response.headers["Set-Cookie"] == "plc_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    assert (await client.get("/auth/me", headers={"Cookie": f"plc_session={token}"})).status_code == 401


async def test_logout_without_a_session_is_no_error(client: Client) -> None:
    assert (await client.post("/auth/logout")).status_code == 200
    assert (await client.post("/auth/logout", headers={"Cookie": "plc_session=nonsense"})).status_code == 200


@pytest.mark.parametrize(
    "cookie",
    [
        "plc_session=",
        "plc_session=nonsense",
        "plc_session=" + "A" * 64,
        "plc_session=" + "A" * 5000,
        "plc_session={token}x",
        "plc_session={token}; plc_session={token}",
        "plc_session={token}; plc_session=other",
        'plc_session="{token}"',
        "__Host-plc_session={token}",
    ],
)
async def test_an_invalid_cookie_is_401(client: Client, cookie: str) -> None:
    token = await sign_in(client)
    client.cookies.clear()
    response = await client.get("/auth/me", headers={"Cookie": cookie.format(token=token)})
    assert response.status_code == 401
    assert response.json()["type"] == "urn:problem:not-signed-in"


@pytest.mark.parametrize(
    "change",
    [
        "last_accessed_at = now() - interval '30 minutes 1 second'",
        "created_at = now() - interval '25 hours', expires_at = now() - interval '1 second'",
    ],
)
async def test_a_session_ends_after_30_idle_minutes_and_after_24_hours(
    client: Client, database_url: str, change: str
) -> None:
    await sign_in(client)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"UPDATE sessions SET {change}".encode())
    assert (await client.get("/auth/me")).status_code == 401


async def test_the_last_use_of_a_session_is_written_at_most_once_a_minute(client: Client, database_url: str) -> None:
    await sign_in(client)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE sessions SET last_accessed_at = now() - interval '61 seconds'")
        await client.get("/auth/me")
        first = connection.execute("SELECT last_accessed_at FROM sessions").fetchone()
        await client.get("/auth/me")
        again = connection.execute("SELECT last_accessed_at FROM sessions").fetchone()
    assert first == again
    assert first
    assert datetime.now(UTC) - first[0] < timedelta(seconds=30)


async def test_an_inactive_person_is_signed_out_at_once(client: Client, database_url: str) -> None:
    await sign_in(client)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE users SET status = 'inactive'")
    assert (await client.get("/auth/me")).status_code == 401


async def test_reading_the_session_takes_one_statement_and_writes_nothing(
    client: Client, database_url: str, run_folder: Path
) -> None:
    await sign_in(client)
    with sql_coverage.statements(run_folder, database_url) as statements:
        for _ in range(5):
            await client.get("/auth/me")
    assert statements == ["sessions/get"] * 5


async def test_requests_of_one_session_that_arrive_together_share_its_statement(
    client: Client, database_url: str, run_folder: Path
) -> None:
    await sign_in(client)
    with sql_coverage.statements(run_folder, database_url) as statements:
        responses = await asyncio.gather(*[client.get("/auth/me") for _ in range(30)])
    assert {response.status_code for response in responses} == {200}
    assert statements == ["sessions/get"]
