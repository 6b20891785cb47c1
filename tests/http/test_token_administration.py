"""Administrators see how many personal tokens a person has, and end them; the audit records every token."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import httpx
import psycopg
import pytest

from plccoach_api import ids
from plccoach_api.database.pool import Database
from plccoach_api.identity.profile import Organization
from plccoach_api.rules.roles import Role
from tests.http.tokens import bearer, expire, is_refused
from tests.people import LINCOLN, WASHINGTON, session_cookie

Client = httpx.AsyncClient
Headers = dict[str, str]
SignIn = Callable[..., Coroutine[Any, Any, Headers]]


@pytest.fixture
def signed_in(database: Database) -> SignIn:
    """Signs somebody in; returns the headers of their requests."""
    return partial(session_cookie, database)


async def id_of(client: Client, headers: Headers) -> str:
    return str((await client.get("/auth/me", headers=headers)).json()["id"])


async def create(client: Client, headers: Headers, times: int = 1) -> list[dict[str, Any]]:
    created = [
        await client.post("/auth/tokens", headers=headers, json={"name": "Her secret plan"}) for _ in range(times)
    ]
    assert {response.status_code for response in created} == {201}
    return [response.json() for response in created]


async def count(client: Client, admin: Headers, user_id: str) -> int:
    number: int = (await client.get(f"/api/admin/users/{user_id}", headers=admin)).json()["tokens"]
    return number


async def token_events(client: Client, admin: Headers) -> list[dict[str, Any]]:
    items = (await client.get("/api/admin/audit", headers=admin)).json()["items"]
    return [item for item in reversed(items) if item["action"].startswith("token")]


async def test_an_administrator_sees_how_many_valid_tokens_a_person_has(
    client: Client, signed_in: SignIn, database_url: str
) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    user_id = await id_of(client, ada)
    assert await count(client, admin, user_id) == 0
    await create(client, ada, times=2)
    assert await count(client, admin, user_id) == 2
    assert await count(client, admin, await id_of(client, admin)) == 0
    expire(database_url)
    assert await count(client, admin, user_id) == 0


async def test_an_administrator_ends_all_tokens_of_a_person_and_no_session(client: Client, signed_in: SignIn) -> None:
    admin, ada, ben = await signed_in("priya", Role.admin), await signed_in("ada"), await signed_in("ben")
    ended, [kept] = await create(client, ada, times=2), await create(client, ben)
    path = f"/api/admin/users/{await id_of(client, ada)}/tokens"
    assert (await client.delete(path, headers=admin)).status_code == 204
    for token in ended:
        assert is_refused(await client.get("/auth/me", headers=bearer(token)))
    for headers in (ada, bearer(kept)):
        assert (await client.get("/auth/me", headers=headers)).status_code == 200
    assert (await client.delete(path, headers=admin)).status_code == 204


@pytest.mark.parametrize("organization", [WASHINGTON, None])
async def test_the_tokens_of_another_organization_are_404_like_those_of_nobody(
    client: Client, signed_in: SignIn, organization: Organization | None
) -> None:
    admin, foreigner = await signed_in("priya", Role.admin), await signed_in("foreigner", organization=organization)
    [token] = await create(client, foreigner)
    same_id = {"X-Request-ID": "the-same-id"}
    answers = [
        await client.delete(f"/api/admin/users/{user_id}/tokens", headers=admin | same_id)
        for user_id in (await id_of(client, foreigner), ids.new())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert (await client.get("/auth/me", headers=bearer(token))).status_code == 200
    platform = await signed_in("root", Role.admin, None)
    await client.delete(f"/api/admin/users/{await id_of(client, foreigner)}/tokens", headers=platform)
    assert is_refused(await client.get("/auth/me", headers=bearer(token)))


async def test_deactivation_ends_the_tokens_for_good(client: Client, signed_in: SignIn) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    path = f"/api/admin/users/{await id_of(client, ada)}"
    [token] = await create(client, ada)
    for status in ("inactive", "active"):
        assert (await client.patch(path, headers=admin, json={"status": status})).status_code == 200
        assert is_refused(await client.get("/auth/me", headers=bearer(token)))
    events = [(event["action"], event["actor"]["name"]) for event in await token_events(client, admin)]
    assert events == [("token_created", "Ada"), ("token_ended", "Priya")]


async def test_a_new_role_leaves_the_tokens_and_applies_to_them(client: Client, signed_in: SignIn) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    [token] = await create(client, ada)
    await client.patch(f"/api/admin/users/{await id_of(client, ada)}", headers=admin, json={"role": "coach"})
    assert (await client.get("/auth/me", headers=bearer(token))).json()["role"] == "coach"


async def test_the_audit_records_who_created_and_who_ended_a_token_but_neither_token_nor_name(
    client: Client, signed_in: SignIn
) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    first, second = await create(client, ada, times=2)
    await client.delete(f"/auth/tokens/{first['id']}", headers=ada)
    await client.delete(f"/api/admin/users/{await id_of(client, ada)}/tokens", headers=admin)
    events = await token_events(client, admin)
    recorded = [{"token_id": token["id"], "hint": token["hint"]} for token in (first, second)]
    assert [(event["action"], event["before"], event["after"]) for event in events] == [
        ("token_created", {}, recorded[0]),
        ("token_created", {}, recorded[1]),
        ("token_ended", recorded[0], {}),
        ("token_ended", recorded[1], {}),
    ]
    assert [event["actor"]["name"] for event in events] == ["Ada", "Ada", "Ada", "Priya"]
    assert {event["target"]["name"] for event in events} == {"Ada"}
    audit = (await client.get("/api/admin/audit", headers=admin)).text
    assert "Her secret plan" not in audit
    assert first["token"] not in audit


async def test_refused_requests_are_not_recorded(client: Client, signed_in: SignIn, database_url: str) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    await create(client, ada, times=20)
    assert (await client.post("/auth/tokens", headers=ada, json={"name": "One more"})).status_code == 409
    assert (await client.delete(f"/auth/tokens/{ids.new()}", headers=ada)).status_code == 404
    assert (
        await client.delete(f"/api/admin/users/{await id_of(client, admin)}/tokens", headers=ada)
    ).status_code == 403
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM audit_events").fetchone() == (20,)


async def test_another_organization_does_not_see_these_events(client: Client, signed_in: SignIn) -> None:
    await create(client, await signed_in("ada", organization=LINCOLN))
    assert await token_events(client, await signed_in("otto", Role.admin, WASHINGTON)) == []
