"""People create personal tokens for their programs, see when these were used, and end them."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from structlog.testing import capture_logs

from tests import sql_coverage
from tests.http.asking import begin, listed, make, slug
from tests.http.conftest import SignIn, coach_broken
from tests.http.tokens import bearer, change, create, expire, is_refused, tokens_of

Client = httpx.AsyncClient
ORIGIN = "https://evil.example"


async def test_a_program_with_a_token_is_its_owner(client: Client, erin: Client) -> None:
    header = bearer(await create(erin))
    me = await client.get("/auth/me", headers=header)
    assert (me.status_code, me.json()) == (200, (await erin.get("/auth/me")).json())
    asked = await client.post("/api/coach/query", headers=header, json={"query": "What is a SMART goal?"})
    assert await listed(erin) == [asked.json()["conversation_id"]]


async def test_a_new_token_is_shown_once_with_its_hint_and_its_end(erin: Client) -> None:
    created = await create(erin, "  Open WebUI  ", days=7)
    assert list(created) == ["id", "name", "hint", "created_at", "last_used_at", "expires_at", "token"]
    assert (created["name"], created["hint"], created["last_used_at"]) == ("Open WebUI", created["token"][-4:], None)
    lasts = datetime.fromisoformat(created["expires_at"]) - datetime.fromisoformat(created["created_at"])
    assert lasts == timedelta(days=7)
    listing = await erin.get("/auth/tokens")
    assert listing.json()["items"] == [{name: value for name, value in created.items() if name != "token"}]
    assert created["token"] not in listing.text


async def test_only_the_hash_of_a_token_is_stored(erin: Client, database_url: str) -> None:
    token = (await create(erin))["token"]
    with psycopg.connect(database_url) as connection:
        [[stored]] = connection.execute("SELECT t::text FROM personal_tokens AS t").fetchall()
        matching = connection.execute(
            "SELECT FROM personal_tokens WHERE token_hash = sha256(%s)", (token.encode(),)
        ).rowcount
    assert token[26:68] not in stored
    assert matching == 1


async def test_a_token_lasts_90_days_unless_its_owner_chooses_another_time(erin: Client) -> None:
    ends = [datetime.fromisoformat((await create(erin, days=days))["expires_at"]) for days in (None, 1, 365)]
    assert [round((end - datetime.now(UTC)) / timedelta(days=1)) for end in ends] == [90, 1, 365]


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"name": ""}',
        '{"name": "   "}',
        '{"name": null}',
        '{"name": "a\\nb"}',
        '{"name": "a\\u0000b"}',
        '{"name": "' + "x" * 101 + '"}',
        '{"name": "x", "expires_in_days": 0}',
        '{"name": "x", "expires_in_days": 366}',
        '{"name": "x", "expires_in_days": null}',
        '{"name": "x", "expires_in_days": "90"}',
        '{"name": "x", "scopes": []}',
        "[]",
    ],
)
async def test_an_invalid_token_is_not_created(erin: Client, body: str) -> None:
    response = await erin.post("/auth/tokens", content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, slug(response)) == (400, "invalid-input")
    assert await tokens_of(erin) == []


async def test_a_name_of_100_characters_is_accepted(erin: Client) -> None:
    assert (await create(erin, "ñ" * 100))["name"] == "ñ" * 100


async def test_a_person_has_twenty_valid_tokens_at_most(erin: Client, sign_in: SignIn, database_url: str) -> None:
    for number in range(20):
        await create(erin, f"Script {number}")
    refused = await erin.post("/auth/tokens", json={"name": "One more"})
    assert (refused.status_code, slug(refused)) == (409, "too-many-tokens")
    await create(await sign_in("other@example.org"))
    items = await tokens_of(erin)
    assert [item["name"] for item in items] == [f"Script {number}" for number in reversed(range(20))]
    assert (await erin.delete(f"/auth/tokens/{items[7]['id']}")).status_code == 204
    await create(erin)
    expire(database_url)
    await create(erin, "After all others have expired")
    assert [item["name"] for item in await tokens_of(erin)] == ["After all others have expired"]


async def test_two_requests_at_once_do_not_pass_the_limit(erin: Client) -> None:
    for _ in range(19):
        await create(erin)
    responses = await asyncio.gather(*(erin.post("/auth/tokens", json={"name": "The last"}) for _ in range(5)))
    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409, 409]
    assert len(await tokens_of(erin)) == 20


async def test_a_token_that_its_owner_ended_is_refused_at_the_next_request(client: Client, erin: Client) -> None:
    ended, kept = await create(erin, "Ended"), await create(erin, "Kept")
    assert (await client.get("/auth/me", headers=bearer(ended))).status_code == 200
    assert (await erin.delete(f"/auth/tokens/{ended['id']}")).status_code == 204
    assert is_refused(await client.get("/auth/me", headers=bearer(ended)))
    assert (await client.get("/auth/me", headers=bearer(kept))).status_code == 200
    assert [item["name"] for item in await tokens_of(erin)] == ["Kept"]
    assert (await erin.delete(f"/auth/tokens/{ended['id']}")).status_code == 404


async def test_another_persons_token_can_be_neither_listed_nor_ended(
    client: Client, erin: Client, sign_in: SignIn
) -> None:
    created = await create(erin)
    mallory = await sign_in("mallory@example.org", role="admin")
    assert await tokens_of(mallory) == []
    same_id = {"X-Request-ID": "the-same-id"}
    foreign = await mallory.delete(f"/auth/tokens/{created['id']}", headers=same_id)
    unknown = await mallory.delete("/auth/tokens/01a209de-8c09-76f6-baa4-77e106cf2850", headers=same_id)
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    assert (await client.get("/auth/me", headers=bearer(created))).status_code == 200


async def test_an_expired_token_is_refused_and_is_no_longer_listed(
    client: Client, erin: Client, database_url: str
) -> None:
    created = await create(erin)
    expire(database_url)
    assert is_refused(await client.get("/auth/me", headers=bearer(created)))
    assert await tokens_of(erin) == []
    assert (await erin.delete(f"/auth/tokens/{created['id']}")).status_code == 404


async def test_the_last_use_of_a_token_is_written_once_a_minute(
    client: Client, erin: Client, database_url: str, run_folder: Path
) -> None:
    header = bearer(await create(erin))
    with sql_coverage.statements(run_folder, database_url) as first:
        await client.get("/auth/me", headers=header)
    with sql_coverage.statements(run_folder, database_url) as second:
        await client.get("/auth/me", headers=header)
    assert (first, second) == (["personal_tokens/get", "personal_tokens/touch"], ["personal_tokens/get"])
    change(database_url, "last_used_at = last_used_at - interval '61 seconds'")
    with sql_coverage.statements(run_folder, database_url) as third:
        await client.get("/auth/me", headers=header)
    assert third == first
    [item] = await tokens_of(erin)
    assert datetime.now(UTC) - datetime.fromisoformat(item["last_used_at"]) < timedelta(seconds=60)


async def test_requests_of_one_token_that_arrive_together_share_its_statements(
    client: Client, erin: Client, database_url: str, run_folder: Path
) -> None:
    header = bearer(await create(erin))
    with sql_coverage.statements(run_folder, database_url) as executed:
        responses = await asyncio.gather(*[client.get("/auth/me", headers=header) for _ in range(30)])
    assert {response.status_code for response in responses} == {200}
    assert executed == ["personal_tokens/get", "personal_tokens/touch"]


@pytest.mark.parametrize(
    "given",
    ["", "plc_", "plc_short", "A" * 76, "plc_" + "A" * 72, "ÿ" * 76, "plc_" + "A" * 60_000],
)
async def test_text_that_is_no_token_is_refused_without_the_database(
    client: Client, database_url: str, run_folder: Path, given: str
) -> None:
    with sql_coverage.statements(run_folder, database_url) as executed:
        response = await client.get("/auth/me", headers={b"Authorization": f"Bearer {given}".encode("latin-1")})
    assert is_refused(response)
    assert executed == []


async def test_a_token_counts_before_a_cookie(client: Client, erin: Client, sign_in: SignIn) -> None:
    other = await sign_in("other@example.org")
    header = bearer(await create(erin))
    assert (await other.get("/auth/me", headers=header)).json()["email"] == "erin@example.org"
    broken = {"Authorization": f"{header['Authorization'][:-1]}!"}
    assert is_refused(await other.get("/auth/me", headers=broken))
    # Another scheme, which a proxy may add, is no token.
    assert (await other.get("/auth/me", headers={"Authorization": "Basic ZTpl"})).json()["email"] == "other@example.org"
    assert is_refused(await client.get("/auth/me", headers={"Authorization": "Basic ZTpl"}))


async def test_a_request_with_two_tokens_is_refused(client: Client, erin: Client) -> None:
    token = (await create(erin))["token"]
    twice = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    assert is_refused(await client.get("/auth/me", headers=twice))
    assert (await client.get("/auth/me", headers={"Authorization": f"bearer  {token} "})).status_code == 200


async def test_a_request_with_a_token_needs_no_origin(client: Client, erin: Client) -> None:
    header = bearer(await create(erin))
    for origin in ({"Origin": ORIGIN}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await erin.post("/api/conversations", json={}, headers=origin)).status_code == 403
        assert (await client.post("/api/conversations", json={}, headers=origin | header)).status_code == 201
        response = await erin.post("/api/conversations", json={}, headers=origin | bearer("plc_nonsense"))
        assert is_refused(response)


async def test_a_page_of_another_origin_may_not_send_a_token(client: Client) -> None:
    preflight = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    assert (await client.options("/api/conversations", headers=preflight)).status_code == 403


async def test_signing_out_everywhere_leaves_the_tokens(client: Client, erin: Client) -> None:
    header = bearer(await create(erin))
    assert (await erin.post("/auth/logout-all")).status_code == 200
    assert (await erin.get("/auth/me")).status_code == 401
    assert (await client.get("/auth/me", headers=header)).status_code == 200


async def test_role_and_status_are_read_at_each_request(client: Client, erin: Client, database_url: str) -> None:
    header = bearer(await create(erin))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE users SET role = 'coach'")
        assert (await client.get("/auth/me", headers=header)).json()["role"] == "coach"
        connection.execute("UPDATE users SET status = 'inactive'")
        assert is_refused(await client.get("/auth/me", headers=header))


async def test_no_token_is_logged_whatever_fails(erin: Client, client: Client, database_url: str) -> None:
    with capture_logs() as lines:
        created = await create(erin)
        header = bearer(created)
        await begin_with(client, header)
        with coach_broken(database_url):
            await client.post("/api/coach/query", headers=header, json={"query": "What is a SMART goal?"})
        await client.get(f"/nowhere/{created['token']}", headers=header)
        await client.get("/auth/me", headers={"Authorization": f"{header['Authorization']}x"})
        await erin.delete(f"/auth/tokens/{created['id']}")
    assert [line["event"] for line in lines if "token" in line["event"]] == ["token created", "token ended"]
    assert created["token"][26:68] not in str(lines)


async def begin_with(client: Client, header: dict[str, str]) -> dict[str, Any]:
    response = await client.post("/api/coach/query", headers=header, json={"query": "What is a SMART goal?"})
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


async def test_what_a_token_created_belongs_to_its_owner_and_to_nobody_else(
    client: Client, erin: Client, sign_in: SignIn
) -> None:
    mine, theirs = bearer(await create(erin)), bearer(await create(await sign_in("other@example.org")))
    talk = (await begin_with(client, mine))["conversation_id"]
    assert (await client.get(f"/api/conversations/{talk}", headers=mine)).status_code == 200
    assert (await client.get(f"/api/conversations/{talk}", headers=theirs)).status_code == 404
    assert (await client.delete(f"/api/conversations/{await make(erin)}", headers=theirs)).status_code == 404
    assert await begin(erin) in await listed(erin)
