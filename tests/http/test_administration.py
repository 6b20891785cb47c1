"""Administrators read and change the users of their own organization, and no others."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from plccoach_api import ids
from plccoach_api.database.pool import Database
from plccoach_api.identity.profile import Organization
from plccoach_api.rules.roles import Role
from tests import sql_coverage
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


async def names(client: Client, headers: Headers, query: str = "") -> list[str]:
    response = await client.get(f"/api/admin/users{query}", headers=headers)
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


def without_id(response: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in response.json().items() if name != "instance"}


async def test_every_page_has_the_same_total_and_a_whole_list_is_not_counted_again(
    client: Client, signed_in: SignIn, database_url: str, run_folder: Path
) -> None:
    admin = await signed_in("priya", Role.admin)
    for subject in ("ada", "ben"):
        await signed_in(subject)
    with sql_coverage.statements(run_folder, database_url) as executed:
        whole = (await client.get("/api/admin/users?search=A&limit=3", headers=admin)).json()
    assert (whole["total"], whole["next_cursor"]) == (3, None)
    assert "users/list_for_admin" in executed
    assert "users/count_for_admin" not in executed
    first = (await client.get("/api/admin/users?limit=2", headers=admin)).json()
    second = (await client.get(f"/api/admin/users?limit=2&cursor={first['next_cursor']}", headers=admin)).json()
    assert (len(first["items"]), len(second["items"]), first["total"], second["total"]) == (2, 1, 3, 3)


async def test_a_list_shows_the_people_of_the_organization_newest_first(client: Client, signed_in: SignIn) -> None:
    admin = await signed_in("priya", Role.admin)
    for subject in ("ada", "ben"):
        await signed_in(subject)
    await signed_in("foreigner", organization=WASHINGTON)
    await signed_in("nobody's", organization=None)
    page = (await client.get("/api/admin/users", headers=admin)).json()
    assert [item["name"] for item in page["items"]] == ["Ben", "Ada", "Priya"]
    assert (page["total"], page["next_cursor"]) == (3, None)
    assert list(page["items"][0]) == [
        *("id", "email", "name", "role", "status", "organization", "sso_provider", "created_at", "last_login"),
    ]
    assert page["items"][0]["organization"]["name"] == LINCOLN.name


async def test_an_administrator_without_an_organization_sees_all_users(client: Client, signed_in: SignIn) -> None:
    platform = await signed_in("root", Role.admin, None)
    await signed_in("ada")
    await signed_in("foreigner", organization=WASHINGTON)
    assert await names(client, platform) == ["Foreigner", "Ada", "Root"]
    organization = (await client.get("/api/admin/users?search=ada", headers=platform)).json()["items"][0][
        "organization"
    ]
    assert await names(client, platform, f"?organization_id={organization['id']}") == ["Ada"]


async def test_a_filter_for_another_organization_returns_nobody(client: Client, signed_in: SignIn) -> None:
    admin = await signed_in("priya", Role.admin)
    foreigner = await signed_in("foreigner", organization=WASHINGTON)
    foreign = (await client.get("/auth/me", headers=foreigner)).json()["organization"]["id"]
    page = (await client.get(f"/api/admin/users?organization_id={foreign}", headers=admin)).json()
    assert (page["items"], page["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?search=ADA", ["Ada_100%"]),
        ("?search=a_1", ["Ada_100%"]),
        ("?search=%25", ["Ada_100%"]),
        ("?search=_", ["Ada_100%"]),
        ("?search=ben@", ["Ben"]),
        ("?search=nobody", []),
        ("?search=", ["Cleo", "Ben", "Ada_100%", "Priya"]),
        ("?role=coach", ["Ben"]),
        ("?role=admin&search=pri", ["Priya"]),
        ("?status=inactive", ["Cleo"]),
        ("?status=active&role=educator", ["Ada_100%"]),
        ("?unknown=1&limit=2", ["Cleo", "Ben"]),
    ],
)
async def test_a_list_can_be_searched_and_filtered(
    client: Client, signed_in: SignIn, query: str, expected: list[str]
) -> None:
    admin = await signed_in("priya", Role.admin)
    await signed_in("ada_100%")
    await signed_in("ben", Role.coach)
    cleo = await id_of(client, await signed_in("cleo"))
    await client.patch(f"/api/admin/users/{cleo}", headers=admin, json={"status": "inactive"})
    assert await names(client, admin, query) == expected


@pytest.mark.parametrize(
    "query",
    ["role=owner", "status=gone", "organization_id=lincoln", "limit=0", "limit=101", "search=a%00b", "cursor=nonsense"],
)
async def test_an_invalid_filter_is_400(client: Client, signed_in: SignIn, query: str) -> None:
    admin = await signed_in("priya", Role.admin)
    assert (await client.get(f"/api/admin/users?{query}", headers=admin)).status_code == 400


async def test_a_list_pages_without_duplicates_or_gaps_while_users_are_added(client: Client, signed_in: SignIn) -> None:
    admin = await signed_in("priya", Role.admin)
    added = ["Priya"]
    for number in range(6):
        await signed_in(f"person {number}")
        added.append(f"Person {number}")
    seen, cursor, turn = [], "", 0
    while True:
        page = (await client.get(f"/api/admin/users?limit=2{cursor}", headers=admin)).json()
        seen += [item["name"] for item in page["items"]]
        await signed_in(f"late {turn}")
        turn += 1
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == added[::-1]


async def test_a_cursor_is_valid_only_for_its_own_filters(client: Client, signed_in: SignIn) -> None:
    admin = await signed_in("priya", Role.admin)
    other = await signed_in("otto", Role.admin)
    cursor = (await client.get("/api/admin/users?limit=1", headers=admin)).json()["next_cursor"]
    assert (await client.get(f"/api/admin/users?cursor={cursor}", headers=admin)).status_code == 200
    for query in ("role=admin", "search=x", "status=active"):
        assert (await client.get(f"/api/admin/users?{query}&cursor={cursor}", headers=admin)).status_code == 400
    assert (await client.get(f"/api/admin/users?cursor={cursor}", headers=other)).status_code == 400


async def test_a_user_is_shown_with_the_number_of_messages_but_not_their_content(
    client: Client, signed_in: SignIn
) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    await client.post("/api/coach/query", headers=ada, json={"query": "What is a SMART goal?"})
    response = await client.get(f"/api/admin/users/{await id_of(client, ada)}", headers=admin)
    assert (response.json()["conversation_count"], response.json()["message_count"]) == (1, 2)
    assert "SMART" not in response.text
    nobody_else = await client.get(f"/api/admin/users/{await id_of(client, admin)}", headers=admin)
    assert (nobody_else.json()["conversation_count"], nobody_else.json()["message_count"]) == (0, 0)


async def test_a_new_role_applies_from_the_users_next_request(client: Client, signed_in: SignIn) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    assert (await client.get("/api/admin/users", headers=ada)).status_code == 403
    path = f"/api/admin/users/{await id_of(client, ada)}"
    changed = await client.patch(path, headers=admin, json={"role": "admin"})
    assert (changed.status_code, changed.json()["role"]) == (200, "admin")
    assert (await client.get("/api/admin/users", headers=ada)).status_code == 200
    await client.patch(path, headers=admin, json={"role": "coach"})
    assert (await client.get("/auth/me", headers=ada)).json()["role"] == "coach"
    assert (await client.get("/api/admin/users", headers=ada)).status_code == 403


async def test_a_provider_does_not_change_a_role_that_an_administrator_gave(client: Client, signed_in: SignIn) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    await client.patch(f"/api/admin/users/{await id_of(client, ada)}", headers=admin, json={"role": "coach"})
    assert (await client.get("/auth/me", headers=await signed_in("ada"))).json()["role"] == "coach"


async def test_a_role_that_was_the_same_before_still_follows_the_provider(client: Client, signed_in: SignIn) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    path = f"/api/admin/users/{await id_of(client, ada)}"
    assert (await client.patch(path, headers=admin, json={"role": "educator"})).status_code == 200
    again = await signed_in("ada", Role.coach)
    assert (await client.get("/auth/me", headers=again)).json()["role"] == "coach"


async def test_a_user_who_becomes_inactive_is_signed_out_everywhere_and_stays_signed_out(
    client: Client, signed_in: SignIn
) -> None:
    admin, ada, elsewhere = await signed_in("priya", Role.admin), await signed_in("ada"), await signed_in("ada")
    path = f"/api/admin/users/{await id_of(client, ada)}"
    changed = await client.patch(path, headers=admin, json={"status": "inactive"})
    assert (changed.status_code, changed.json()["status"]) == (200, "inactive")
    for headers in (ada, elsewhere):
        assert (await client.get("/auth/me", headers=headers)).status_code == 401
    await client.patch(path, headers=admin, json={"status": "active"})
    assert (await client.get("/auth/me", headers=ada)).status_code == 401
    assert (await client.get("/auth/me", headers=await signed_in("ada"))).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_a_user_of_another_organization_is_404_like_an_unknown_user(
    client: Client, signed_in: SignIn, method: str
) -> None:
    admin = await signed_in("priya", Role.admin)
    foreigner = await signed_in("foreigner", organization=WASHINGTON)
    loner = await signed_in("loner", organization=None)
    body = {"role": "admin", "status": "inactive"} if method == "PATCH" else None
    answers = [
        await client.request(method, f"/api/admin/users/{user_id}", headers=admin, json=body)
        for user_id in (await id_of(client, foreigner), await id_of(client, loner), ids.new(), UUID(int=0))
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert all(without_id(answer) == without_id(answers[0]) for answer in answers)
    for headers in (foreigner, loner):
        assert (await client.get("/auth/me", headers=headers)).json()["role"] == "educator"


ROUTES = [
    ("GET", "/api/admin/users"),
    ("GET", "/api/admin/users/{id}"),
    ("PATCH", "/api/admin/users/{id}"),
    ("DELETE", "/api/admin/users/{id}/tokens"),
    ("GET", "/api/admin/audit"),
    ("POST", "/api/admin/cleanup-sessions"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("role", [Role.educator, Role.coach])
async def test_only_administrators_may_use_these_routes(
    client: Client, signed_in: SignIn, role: Role, method: str, path: str
) -> None:
    headers = await signed_in("ada", role)
    url = path.format(id=await id_of(client, headers))
    refused = await client.request(method, url, headers=headers, json={"role": "admin"} if method == "PATCH" else None)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:problem:not-allowed")
    assert (await client.get("/auth/me", headers=headers)).json()["role"] == role


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_session_every_route_is_401(client: Client, method: str, path: str) -> None:
    body = {"role": "admin"} if method == "PATCH" else None
    assert (await client.request(method, path.format(id=ids.new()), json=body)).status_code == 401


async def test_a_page_of_another_origin_cannot_change_a_user(client: Client, signed_in: SignIn) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    path = f"/api/admin/users/{await id_of(client, ada)}"
    evil = admin | {"Origin": "https://evil.example"}
    assert (await client.patch(path, headers=evil, json={"role": "admin"})).status_code == 403
    assert (await client.delete(f"{path}/tokens", headers=evil)).status_code == 403
    assert (await client.post("/api/admin/cleanup-sessions", headers=evil)).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"role": "owner"}',
        '{"role": null}',
        '{"status": ""}',
        '{"role": "admin", "name": "x"}',
        "[]",
        "null",
        "{",
    ],
)
async def test_an_invalid_change_is_400(client: Client, signed_in: SignIn, body: str) -> None:
    admin, ada = await signed_in("priya", Role.admin), await signed_in("ada")
    response = await client.patch(
        f"/api/admin/users/{await id_of(client, ada)}",
        headers=admin | {"Content-Type": "application/json"},
        content=body,
    )
    assert response.status_code == 400
    assert (await client.get("/auth/me", headers=ada)).json()["role"] == "educator"


@pytest.mark.parametrize(
    "change", [{"role": "educator"}, {"status": "inactive"}, {"role": "coach", "status": "active"}]
)
@pytest.mark.parametrize("organization", [LINCOLN, None])
async def test_the_last_active_administrator_cannot_be_demoted_or_deactivated(
    client: Client, signed_in: SignIn, organization: Organization | None, change: dict[str, str]
) -> None:
    admin = await signed_in("priya", Role.admin, organization)
    retired = await id_of(client, await signed_in("otto", Role.admin, organization))
    await client.patch(f"/api/admin/users/{retired}", headers=admin, json={"status": "inactive"})
    await signed_in("another organization's", Role.admin, WASHINGTON)
    refused = await client.patch(f"/api/admin/users/{await id_of(client, admin)}", headers=admin, json=change)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem:last-administrator")
    assert (await client.get("/api/admin/users", headers=admin)).status_code == 200
    audit = (await client.get("/api/admin/audit", headers=admin)).json()["items"]
    assert [event["target"]["id"] for event in audit] == [retired]


async def test_two_administrators_who_demote_each_other_at_once_leave_one(client: Client, signed_in: SignIn) -> None:
    for turn in range(15):
        district = Organization(f"district {turn}", "A District")
        pair = [await signed_in(f"{name} {turn}", Role.admin, district) for name in ("priya", "otto")]
        paths = [f"/api/admin/users/{await id_of(client, headers)}" for headers in pair]
        answers = await asyncio.gather(
            *(
                client.patch(path, headers=headers, json={"role": "educator"})
                for path, headers in zip(paths, reversed(pair), strict=True)
            )
        )
        assert 200 in {answer.status_code for answer in answers}
        assert {answer.status_code for answer in answers} <= {200, 403, 409}
        left = [(await client.get("/auth/me", headers=headers)).json()["role"] for headers in pair]
        assert sorted(left) == ["admin", "educator"]


async def test_expired_sessions_are_deleted_on_request(client: Client, signed_in: SignIn, database_url: str) -> None:
    admin = await signed_in("priya", Role.admin)
    for subject in ("ada", "ben", "cleo"):
        await signed_in(subject)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE sessions SET last_accessed_at = now() - interval '31 minutes'"
            " WHERE user_id IN (SELECT id FROM users WHERE name IN ('Ada', 'Ben'))"
        )
    response = await client.post("/api/admin/cleanup-sessions", headers=admin)
    assert (response.status_code, response.json()) == (200, {"sessions_deleted": 2})
    again = await client.post("/api/admin/cleanup-sessions", headers=admin)
    assert again.json() == {"sessions_deleted": 0}
