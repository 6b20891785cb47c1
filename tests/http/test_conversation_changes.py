"""People create, rename, archive, restore and delete their own conversations. If-Match prevents lost updates."""

import asyncio
from typing import Any

import httpx
import psycopg
import pytest

from tests.http.asking import begin, listed, make, post, read, slug
from tests.http.conftest import SignIn

Erin = httpx.AsyncClient


async def tag_of(erin: Erin, talk: str) -> str:
    return str((await erin.get(f"/api/conversations/{talk}")).headers["ETag"])


async def change(erin: Erin, talk: str, if_match: str | None = None, **body: Any) -> httpx.Response:
    headers = {} if if_match is None else {"If-Match": if_match}
    return await erin.patch(f"/api/conversations/{talk}", json=body, headers=headers)


async def test_a_new_conversation_can_be_read_at_its_location(erin: Erin) -> None:
    response = await erin.post("/api/conversations", json={"title": "  Norms for our team "})
    assert response.status_code == 201
    made = response.json()
    assert list(made) == [
        *("id", "title", "status", "created_at", "updated_at", "share", "messages", "next_cursor"),
    ]
    assert (made["title"], made["status"], made["messages"]) == ("Norms for our team", "active", [])
    assert response.headers["Location"] == f"/api/conversations/{made['id']}"
    got = await erin.get(response.headers["Location"])
    assert (got.json(), got.headers["ETag"]) == (made, response.headers["ETag"])


@pytest.mark.parametrize("body", [{}, {"title": None}])
async def test_a_conversation_needs_no_title(erin: Erin, body: dict[str, None]) -> None:
    assert (await erin.post("/api/conversations", json=body)).json()["title"] is None


async def test_a_conversation_is_listed_after_its_first_question(erin: Erin) -> None:
    talk = await make(erin, title="Norms")
    assert await listed(erin) == []
    await post(erin, talk)
    assert await listed(erin) == [talk]


@pytest.mark.parametrize("title", ["x" * 201, "", "  ", "a\x00b", 7])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_an_invalid_title_is_400(erin: Erin, method: str, title: object) -> None:
    talk = await make(erin, title="Norms")
    path = "/api/conversations" if method == "POST" else f"/api/conversations/{talk}"
    response = await erin.request(method, path, json={"title": title})
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["title"]
    assert (await read(erin, talk))["title"] == "Norms"


@pytest.mark.parametrize("title", ["x" * 200, " " * 9 + "x" * 200, "é", "<b>", "多" * 200])
async def test_a_conversation_is_renamed(erin: Erin, title: str) -> None:
    talk = await begin(erin)
    response = await change(erin, talk, title=title)
    assert response.status_code == 200
    assert response.json() == await read(erin, talk)
    assert response.json()["title"] == title.strip()
    assert len(response.json()["messages"]) == 2
    assert response.headers["ETag"] == await tag_of(erin, talk)


async def test_a_conversation_is_archived_and_restored(erin: Erin) -> None:
    talk = await begin(erin)
    assert (await change(erin, talk, status="archived")).json()["status"] == "archived"
    assert (await listed(erin), await listed(erin, status="archived")) == ([], [talk])
    assert (await change(erin, talk, status="active")).json()["status"] == "active"
    assert (await listed(erin), await listed(erin, status="archived")) == ([talk], [])


async def test_a_renamed_or_restored_conversation_is_listed_first(erin: Erin) -> None:
    first, second = await begin(erin), await begin(erin)
    assert await listed(erin) == [second, first]
    await change(erin, first, title="Norms")
    assert await listed(erin) == [first, second]
    await change(erin, second, status="archived")
    await change(erin, second, status="active")
    assert await listed(erin) == [second, first]


@pytest.mark.parametrize(
    "body", [{"status": "deleted"}, {"status": None}, {"title": None}, {"colour": "blue"}, {"id": "x"}, [], "x", None]
)
async def test_an_invalid_change_is_400(erin: Erin, body: object) -> None:
    talk = await begin(erin)
    assert (await erin.patch(f"/api/conversations/{talk}", json=body)).status_code == 400


async def test_a_deleted_conversation_is_gone_with_its_messages_and_its_link(erin: Erin, database_url: str) -> None:
    kept, talk = await begin(erin), await begin(erin)
    message = (await read(erin, talk))["messages"][1]["id"]
    token = (await erin.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})).json()["token"]
    response = await erin.delete(f"/api/conversations/{talk}")
    assert (response.status_code, response.content) == (204, b"")
    for path in (f"conversations/{talk}", f"conversations/{talk}/messages", f"messages/{message}", f"shared/{token}"):
        assert (await erin.get(f"/api/{path}")).status_code == 404
    assert (await erin.delete(f"/api/conversations/{talk}")).status_code == 404
    assert await listed(erin) == [kept]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM shares").fetchone() == (0,)


async def test_a_tag_is_strong_and_stays_while_nothing_changes(erin: Erin) -> None:
    talk = await begin(erin)
    tag = await tag_of(erin, talk)
    assert tag.startswith('"')
    assert await tag_of(erin, talk) == tag
    known = await erin.get(f"/api/conversations/{talk}", headers={"If-None-Match": tag})
    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["ETag"] == tag
    assert known.headers["Cache-Control"] == "private, no-cache"
    assert known.headers["Vary"]
    for matching in ("*", f"W/{tag}", f'"x", {tag}'):
        headers = {"If-None-Match": matching}
        assert (await erin.get(f"/api/conversations/{talk}", headers=headers)).status_code == 304


async def test_the_tag_changes_with_everything_that_a_response_shows(
    erin: Erin, sign_in: SignIn, database_url: str
) -> None:
    talk = await make(erin)
    reader = await sign_in("reader@example.org")
    answer = ""

    async def ask() -> None:
        nonlocal answer
        answer = (await post(erin, talk)).json()["id"]

    async def share() -> None:
        response = await erin.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})
        assert (await reader.get(f"/api/shared/{response.json()['token']}")).status_code == 200

    async def expire() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("UPDATE shares SET expires_at = now()")

    changes = (
        ask,
        lambda: change(erin, talk, title="Norms"),
        lambda: change(erin, talk, status="archived"),
        lambda: erin.post(f"/api/messages/{answer}/feedback", json={"score": 1}),
        lambda: erin.post(f"/api/messages/{answer}/feedback", json={"score": -1}),
        lambda: erin.delete(f"/api/messages/{answer}/feedback"),
        share,
        lambda: erin.delete(f"/api/conversations/{talk}/share"),
        share,
        expire,
    )
    seen = {await tag_of(erin, talk)}
    for number, make_change in enumerate(changes, start=2):
        before = await tag_of(erin, talk)
        await make_change()
        stale = await erin.get(f"/api/conversations/{talk}", headers={"If-None-Match": before})
        assert stale.status_code == 200
        seen.add(stale.headers["ETag"])
        assert len(seen) == number


async def test_a_change_with_an_outdated_tag_is_412(erin: Erin) -> None:
    talk = await begin(erin)
    tag = await tag_of(erin, talk)
    first = await change(erin, talk, tag, title="First")
    stale = await change(erin, talk, tag, title="Second")
    assert (first.status_code, stale.status_code, slug(stale)) == (200, 412, "precondition-failed")
    assert (await read(erin, talk))["title"] == "First"
    assert (await change(erin, talk, first.headers["ETag"], title="Second")).status_code == 200


async def test_one_of_many_concurrent_changes_to_the_same_state_succeeds(erin: Erin) -> None:
    talk = await begin(erin)
    tag = await tag_of(erin, talk)
    responses = await asyncio.gather(*(change(erin, talk, tag, title=f"Title {number}") for number in range(10)))
    assert sorted(response.status_code for response in responses) == [200, *[412] * 9]
    [winner] = [response for response in responses if response.status_code == 200]
    assert (await read(erin, talk))["title"] == winner.json()["title"]


async def test_a_question_between_reading_and_renaming_makes_the_tag_outdated(erin: Erin) -> None:
    talk = await begin(erin)
    tag = await tag_of(erin, talk)
    await post(erin, talk)
    assert (await change(erin, talk, tag, title="Norms")).status_code == 412


async def test_opening_the_link_does_not_make_the_tag_outdated(erin: Erin, sign_in: SignIn) -> None:
    talk = await begin(erin)
    token = (await erin.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})).json()["token"]
    tag = await tag_of(erin, talk)
    await (await sign_in("reader@example.org")).get(f"/api/shared/{token}")
    assert await tag_of(erin, talk) != tag
    assert (await change(erin, talk, tag, title="Norms")).status_code == 200


@pytest.mark.parametrize(
    "tag", ['"0"', "W/{tag}", '"nonsense"', "nonsense", "", '"999999999999999999999999"', "{bare}"]
)
async def test_if_match_without_the_current_tag_is_412(erin: Erin, tag: str) -> None:
    talk = await begin(erin)
    current = await tag_of(erin, talk)
    given = tag.format(tag=current, bare=current.strip('"'))
    assert (await change(erin, talk, given, title="Norms")).status_code == 412


@pytest.mark.parametrize("tag", ["*", "{tag}", '"0", {tag}'])
async def test_an_asterisk_and_a_list_with_the_current_tag_are_accepted(erin: Erin, tag: str) -> None:
    talk = await begin(erin)
    assert (await change(erin, talk, tag.format(tag=await tag_of(erin, talk)), title="Norms")).status_code == 200


async def test_a_deleted_conversation_is_404_with_any_if_match(erin: Erin) -> None:
    talk = await begin(erin)
    tag = await tag_of(erin, talk)
    await erin.delete(f"/api/conversations/{talk}")
    for given in (None, "*", tag):
        assert (await change(erin, talk, given, title="Norms")).status_code == 404
