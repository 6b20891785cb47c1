"""People list and end their own sessions, and choose their own name."""

from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

Client = httpx.AsyncClient


async def sign_in(client: Client, email: str = "erin@example.org", **headers: str) -> None:
    response = await client.get("/auth/dev/login", params={"email": email}, headers=headers, follow_redirects=False)
    assert response.status_code == 302


def cookie(client: Client) -> dict[str, str]:
    return {"Cookie": f"plc_session={client.cookies['plc_session']}"}


async def two_sessions(client: Client) -> tuple[dict[str, str], dict[str, str]]:
    """Signs one person in in two browsers; returns the Cookie header of each."""
    await sign_in(client, **{"User-Agent": "Firefox"})
    first = cookie(client)
    client.cookies.clear()
    await sign_in(client, **{"User-Agent": "Chrome"})
    second = cookie(client)
    client.cookies.clear()
    return first, second


async def test_my_sessions_are_listed_and_the_current_one_is_marked(client: Client) -> None:
    first, _ = await two_sessions(client)
    items = (await client.get("/auth/sessions", headers=first)).json()["items"]
    assert {item["user_agent"]: item["current"] for item in items} == {"Firefox": True, "Chrome": False}
    for item in items:
        assert list(item) == ["id", "created_at", "last_accessed_at", "expires_at", "user_agent", "current"]
        idle = datetime.fromisoformat(item["expires_at"]) - datetime.fromisoformat(item["last_accessed_at"])
        assert idle == timedelta(minutes=30)


async def test_a_session_expires_at_its_absolute_end_when_that_comes_first(client: Client, database_url: str) -> None:
    await sign_in(client)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE sessions SET expires_at = now() + interval '1 minute'")
    [item] = (await client.get("/auth/sessions")).json()["items"]
    assert datetime.fromisoformat(item["expires_at"]) - datetime.now(UTC) < timedelta(minutes=1)


async def test_expired_sessions_are_not_listed(client: Client, database_url: str) -> None:
    first, _ = await two_sessions(client)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE sessions SET last_accessed_at = now() - interval '31 minutes' WHERE user_agent = 'Chrome'"
        )
    items = (await client.get("/auth/sessions", headers=first)).json()["items"]
    assert [item["user_agent"] for item in items] == ["Firefox"]


async def test_ending_another_of_my_sessions_leaves_this_one(client: Client) -> None:
    first, second = await two_sessions(client)
    items = (await client.get("/auth/sessions", headers=first)).json()["items"]
    [other] = [item["id"] for item in items if not item["current"]]
    assert (await client.delete(f"/auth/sessions/{other}", headers=first)).status_code == 204
    assert (await client.get("/auth/me", headers=second)).status_code == 401
    assert (await client.get("/auth/me", headers=first)).status_code == 200


async def test_another_persons_session_can_be_neither_listed_nor_ended(client: Client) -> None:
    await sign_in(client, "victim@example.org")
    victim = cookie(client)
    [item] = (await client.get("/auth/sessions", headers=victim)).json()["items"]
    client.cookies.clear()
    await client.get("/auth/dev/login?email=mallory@example.org&role=admin", follow_redirects=False)
    assert item["id"] not in (await client.get("/auth/sessions")).text
    refused = await client.delete(f"/auth/sessions/{item['id']}")
    unknown = await client.delete("/auth/sessions/01a209de-8c09-76f6-baa4-77e106cf2850")
    assert refused.status_code == unknown.status_code == 404
    client.cookies.clear()
    assert (await client.get("/auth/me", headers=victim)).status_code == 200


async def test_logout_everywhere_ends_all_sessions_of_the_person_and_no_others(client: Client) -> None:
    first, second = await two_sessions(client)
    await sign_in(client, "bystander@example.org")
    bystander = cookie(client)
    client.cookies.clear()
    response = await client.post("/auth/logout-all", headers=first)
    assert (response.status_code, response.json()) == (200, {"message": "Logged out successfully"})
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert [(await client.get("/auth/me", headers=each)).status_code for each in (first, second, bystander)] == [
        *(401, 401, 200),
    ]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/sessions"),
        ("DELETE", "/auth/sessions/01a209de-8c09-76f6-baa4-77e106cf2850"),
        ("POST", "/auth/logout-all"),
        ("PATCH", "/auth/me"),
    ],
)
async def test_without_a_session_these_routes_are_401(client: Client, method: str, path: str) -> None:
    body = {"name": "Eve"} if method == "PATCH" else None
    assert (await client.request(method, path, json=body)).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/auth/sessions/01a209de-8c09-76f6-baa4-77e106cf2850"),
        ("POST", "/auth/logout-all"),
        ("POST", "/auth/logout"),
        ("PATCH", "/auth/me"),
    ],
)
async def test_a_page_of_another_origin_can_change_nothing(client: Client, method: str, path: str) -> None:
    await sign_in(client)
    for header in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        body = {"name": "Eve"} if method == "PATCH" else None
        assert (await client.request(method, path, headers=header, json=body)).status_code == 403
    assert (await client.get("/auth/me")).json()["name"] == "erin"


async def test_a_name_that_the_person_chose_is_kept_at_the_next_sign_in(client: Client) -> None:
    await sign_in(client)
    changed = await client.patch("/auth/me", json={"name": "  Erin Ó Briain  "})
    assert (changed.status_code, changed.json()["name"]) == (200, "Erin Ó Briain")
    assert (await client.get("/auth/me")).json() == changed.json()
    await client.get("/auth/dev/login?email=erin@example.org&name=Somebody", follow_redirects=False)
    assert (await client.get("/auth/me")).json()["name"] == "Erin Ó Briain"


async def test_a_name_from_the_provider_is_updated_at_the_next_sign_in(client: Client) -> None:
    await client.get("/auth/dev/login?email=erin@example.org&name=Erin", follow_redirects=False)
    await client.get("/auth/dev/login?email=erin@example.org&name=Erin%20Byrne", follow_redirects=False)
    assert (await client.get("/auth/me")).json()["name"] == "Erin Byrne"


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"name": ""}',
        '{"name": "   "}',
        '{"name": null}',
        '{"name": 7}',
        '{"name": "a\\u0000b"}',
        '{"name": "a\\nb"}',
        '{"name": "\\ud800"}',
        '{"name": "' + "x" * 201 + '"}',
        '{"name": "Eve", "role": "admin"}',
        "[]",
        "",
    ],
)
async def test_an_invalid_name_is_400(client: Client, body: str) -> None:
    await sign_in(client)
    response = await client.patch("/auth/me", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert (await client.get("/auth/me")).json()["name"] == "erin"


async def test_a_name_of_200_characters_is_accepted(client: Client) -> None:
    await sign_in(client)
    assert (await client.patch("/auth/me", json={"name": "ñ" * 200})).status_code == 200
