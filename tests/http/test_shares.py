"""A shared link lets every signed-in person read one conversation, and nothing more."""

import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import psycopg
import pytest

from tests.http.asking import begin, listed, make, post, read, slug
from tests.http.conftest import SignIn

Erin = httpx.AsyncClient


async def share(erin: Erin, talk: str, days: int | None = 7) -> dict[str, Any]:
    response = await erin.post(f"/api/conversations/{talk}/share", json={"expires_in_days": days})
    assert response.status_code == 201
    link: dict[str, Any] = response.json()
    return link


@pytest.fixture
async def reader(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("reader@example.org", name="Rita")


async def test_a_link_leads_to_the_front_end_and_contains_a_secret_of_256_bits(erin: Erin) -> None:
    talk = await begin(erin)
    link = await share(erin, talk)
    assert list(link) == ["share_url", "token", "expires_at"]
    assert link["share_url"] == f"http://localhost:5173/shared/{link['token']}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", link["token"])
    assert len(urlsafe_b64decode(link["token"] + "=")) == 32


@pytest.mark.parametrize(("days", "lasts"), [(7, timedelta(days=7)), (30, timedelta(days=30)), (None, None)])
async def test_a_link_is_valid_for_a_week_for_a_month_or_without_end(
    erin: Erin, days: int | None, lasts: timedelta | None
) -> None:
    talk = await begin(erin)
    expires_at = (await share(erin, talk, days))["expires_at"]
    if lasts is None:
        assert expires_at is None
    else:
        left = datetime.fromisoformat(expires_at) - datetime.now(UTC)
        assert lasts - timedelta(minutes=1) < left < lasts + timedelta(minutes=1)
    assert (await read(erin, talk))["share"]["expires_at"] == expires_at


@pytest.mark.parametrize(
    "body", [{}, {"expires_in_days": 8}, {"expires_in_days": 0}, {"expires_in_days": "7"}, {"expires_in_days": 7.5}, []]
)
async def test_any_other_lifetime_is_400(erin: Erin, body: object) -> None:
    talk = await begin(erin)
    assert (await erin.post(f"/api/conversations/{talk}/share", json=body)).status_code == 400
    assert (await read(erin, talk))["share"] is None


async def test_a_reader_sees_the_conversation_as_it_is_now(erin: Erin, reader: Erin) -> None:
    talk = await begin(erin)
    token = (await share(erin, talk))["token"]
    await post(erin, talk, "How should a team set norms?")
    await erin.patch(f"/api/conversations/{talk}", json={"title": "Norms"})
    answer = (await read(erin, talk))["messages"][3]
    await erin.post(f"/api/messages/{answer['id']}/feedback", json={"score": -1, "comment": "Between us."})
    response = await reader.get(f"/api/shared/{token}")
    assert response.status_code == 200
    shared = response.json()
    mine = await read(erin, talk)
    assert set(shared) == {"title", "shared_by", "created_at", "updated_at", "messages", "next_cursor"}
    assert (shared["title"], shared["shared_by"]) == ("Norms", "erin")
    assert (shared["created_at"], shared["updated_at"]) == (mine["created_at"], mine["updated_at"])
    owners = dict.fromkeys(("feedback", "input_tokens", "output_tokens", "cost_usd", "response_time_ms"))
    assert shared["messages"] == [message | owners for message in mine["messages"]]
    assert "example.org" not in response.text
    assert "Between us" not in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_without_a_session_a_link_is_401(erin: Erin, sign_in: SignIn) -> None:
    token = (await share(erin, await begin(erin)))["token"]
    reader = await sign_in("reader@example.org")
    reader.cookies.clear()
    for given in (token, "x" * 43):
        assert (await reader.get(f"/api/shared/{given}")).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
async def test_a_link_is_for_reading_only(erin: Erin, reader: Erin, method: str) -> None:
    token = (await share(erin, await begin(erin)))["token"]
    assert (await reader.request(method, f"/api/shared/{token}")).status_code == 405


async def test_a_reader_has_no_access_except_through_the_link(erin: Erin, reader: Erin) -> None:
    talk = await begin(erin)
    token = (await share(erin, talk))["token"]
    shown = (await reader.get(f"/api/shared/{token}")).json()["messages"][1]
    assert (await reader.get(f"/api/conversations/{shown['conversation_id']}")).status_code == 404
    assert (await reader.get(f"/api/messages/{shown['id']}")).status_code == 404
    assert (await reader.post(f"/api/messages/{shown['id']}/feedback", json={"score": 1})).status_code == 404
    assert (await post(reader, talk)).status_code == 404
    assert await listed(reader) == []


async def test_an_ended_link_is_404_with_the_same_body_as_an_invalid_link(
    erin: Erin, reader: Erin, database_url: str
) -> None:
    tokens = {}
    for name in ("revoked", "replaced", "expired", "deleted"):
        talk = await begin(erin)
        tokens[name] = (await share(erin, talk))["token"]
        match name:
            case "revoked":
                assert (await erin.delete(f"/api/conversations/{talk}/share")).status_code == 204
            case "replaced":
                tokens["new"] = (await share(erin, talk))["token"]
            case "expired":
                with psycopg.connect(database_url, autocommit=True) as connection:
                    connection.execute("UPDATE shares SET expires_at = now() WHERE conversation_id = %s::uuid", (talk,))
            case _:
                await erin.delete(f"/api/conversations/{talk}")
    assert (await reader.get(f"/api/shared/{tokens.pop('new')}")).status_code == 200
    tokens |= {"imagined": "A" * 43, "malformed": "x", "long": "A" * 44, "odd": "%00", "padding bits are set": "B" * 43}
    headers = {"X-Request-ID": "the-same-id"}
    responses = [await reader.get(f"/api/shared/{token}", headers=headers) for token in tokens.values()]
    assert {response.status_code for response in responses} == {404}
    assert len({response.content for response in responses}) == 1
    assert (await erin.get(f"/api/shared/{tokens['expired']}")).status_code == 404


async def test_only_the_hash_of_the_token_is_stored(erin: Erin, database_url: str) -> None:
    token = (await share(erin, await begin(erin)))["token"]
    secret = urlsafe_b64decode(token + "=")
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT token_hash FROM shares").fetchall() == [(sha256(secret).digest(),)]
        dump = str(connection.execute("SELECT s::text FROM shares AS s").fetchall())
    assert token not in dump
    assert secret.hex() not in dump


async def test_owners_see_when_a_link_was_created_when_it_ends_and_how_often_it_was_opened(
    erin: Erin, reader: Erin
) -> None:
    talk = await begin(erin)
    assert (await read(erin, talk))["share"] is None
    link = await share(erin, talk)
    for number in range(3):
        seen = (await read(erin, talk))["share"]
        assert (seen["opens"], seen["expires_at"]) == (number, link["expires_at"])
        await reader.get(f"/api/shared/{link['token']}")
    assert (await erin.get("/api/conversations")).json()["items"][0]["share_enabled"] is True
    since = datetime.fromisoformat((await read(erin, talk))["share"]["shared_at"])
    assert datetime.now(UTC) - since < timedelta(minutes=1)


async def test_a_read_by_the_owner_is_not_counted(erin: Erin) -> None:
    talk = await begin(erin)
    token = (await share(erin, talk))["token"]
    assert (await erin.get(f"/api/shared/{token}")).json()["shared_by"] == "erin"
    assert (await read(erin, talk))["share"]["opens"] == 0


async def test_a_new_link_starts_its_count_at_zero(erin: Erin, reader: Erin) -> None:
    talk = await begin(erin)
    await reader.get(f"/api/shared/{(await share(erin, talk))['token']}")
    await share(erin, talk, None)
    assert (await read(erin, talk))["share"]["opens"] == 0


async def test_a_revoked_link_is_no_longer_shown_to_the_owner(erin: Erin) -> None:
    talk = await begin(erin)
    await share(erin, talk)
    for _ in range(2):
        assert (await erin.delete(f"/api/conversations/{talk}/share")).status_code == 204
    assert (await read(erin, talk))["share"] is None
    assert (await erin.get("/api/conversations")).json()["items"][0]["share_enabled"] is False


@pytest.mark.parametrize("role", ["educator", "coach", "admin"])
async def test_nobody_can_share_or_unshare_another_persons_conversation(erin: Erin, sign_in: SignIn, role: str) -> None:
    talk = await begin(erin)
    await share(erin, talk)
    other = await sign_in("other@example.org", role=role)
    made = await other.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})
    ended = await other.delete(f"/api/conversations/{talk}/share")
    assert [(made.status_code, slug(made)), (ended.status_code, slug(ended))] == [(404, "not-found")] * 2
    assert (await read(erin, talk))["share"]


async def test_a_long_conversation_is_read_page_by_page_and_counted_once(
    erin: Erin, reader: Erin, database_url: str
) -> None:
    talk = await begin(erin)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO messages "
            "(user_id, id, conversation_id, role, content, status, citations, domains, created_at) "
            "SELECT user_id, gen_random_uuid(), id, 'user', 'Line ' || n, 'complete', '[]', '{}', created_at "
            "+ n * interval '1 second' FROM conversations CROSS JOIN generate_series(1, 123) AS n"
        )
    path = f"/api/shared/{(await share(erin, talk))['token']}"
    first = (await reader.get(path)).json()
    rest = (await reader.get(path, params={"cursor": first["next_cursor"]})).json()
    assert (len(first["messages"]), len(rest["messages"]), rest["next_cursor"]) == (100, 25, None)
    assert rest["messages"][-1]["content"] == "Line 123"
    assert (await read(erin, talk))["share"]["opens"] == 1
    assert (await erin.get(path, params={"cursor": first["next_cursor"]})).status_code == 400


async def test_a_conversation_without_messages_can_be_shared(erin: Erin, reader: Erin) -> None:
    talk = await make(erin)
    shared = (await reader.get(f"/api/shared/{(await share(erin, talk))['token']}")).json()
    assert (shared["title"], shared["messages"]) == (None, [])
