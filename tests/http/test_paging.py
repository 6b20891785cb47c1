"""Lists page without duplicates or gaps, also when conversations change between two pages."""

from itertools import count
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.asking import begin, listed, make, post, read
from tests.http.conftest import SignIn

# A page is read, a conversation is changed, or a new one is created.
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["page", "page", "page", "begin", "ask", "rename", "archive", "restore", "delete"]),
        st.integers(0, 20),
    ),
    max_size=14,
)

# Each example has its own person, so the examples can share the fixture's database.
UNCHECKED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

people = count()


class Reader:
    """A person who reads a list page by page, and records which conversations changed between the pages."""

    def __init__(self, person: httpx.AsyncClient, limit: int) -> None:
        self.person = person
        self.limit = limit
        self.seen: list[str] = []
        self.touched: set[str] = set()
        self.cursor: str | None = None
        self.finished = False

    async def page(self) -> None:
        if self.finished:
            return
        parameters: dict[str, Any] = {"limit": self.limit} | ({"cursor": self.cursor} if self.cursor else {})
        page = (await self.person.get("/api/conversations", params=parameters)).json()
        self.seen += [item["id"] for item in page["items"]]
        self.cursor = page["next_cursor"]
        self.finished = self.cursor is None

    async def change(self, what: str, talk: str) -> None:
        path = f"/api/conversations/{talk}"
        self.touched.add(talk)
        match what:
            case "ask":
                await post(self.person, talk, "x")
            case "rename":
                await self.person.patch(path, json={"title": "Norms"})
            case "archive":
                await self.person.patch(path, json={"status": "archived"})
            case "restore":
                await self.person.patch(path, json={"status": "active"})
            case _:
                await self.person.delete(path)


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=UNCHECKED)
@given(first=st.integers(0, 6), limit=st.integers(1, 3), events=EVENTS)
async def test_every_unchanged_conversation_is_listed_exactly_once_and_changed_ones_move_to_the_top(
    sign_in: SignIn, first: int, limit: int, events: list[tuple[str, int]]
) -> None:
    """A question, a rename, archiving or restoring moves a conversation to the top of the list, or out of it.

    No conversation is listed twice. A changed conversation that was not listed yet is above all unchanged ones.
    """
    person = await sign_in(f"reader{next(people)}@example.org")
    before = [await begin(person, "x") for _ in range(first)]
    existing = list(before)
    reader = Reader(person, limit)
    for what, index in events:
        if what == "page":
            await reader.page()
        elif what == "begin":
            existing.append(await begin(person, "x"))
        elif existing:
            await reader.change(what, existing[index % len(existing)])
    while not reader.finished:
        await reader.page()

    assert len(reader.seen) == len(set(reader.seen))
    unchanged = [talk for talk in before if talk not in reader.touched]
    assert [talk for talk in reader.seen if talk in unchanged] == unchanged[::-1]
    now = await listed(person, limit="100")
    top = min((now.index(talk) for talk in unchanged), default=len(now))
    missed = [talk for talk in now if talk not in reader.seen]
    assert all(now.index(talk) < top for talk in missed)


@settings(max_examples=15, suppress_health_check=UNCHECKED)
@given(first=st.integers(1, 4), limit=st.integers(1, 5), between=st.lists(st.booleans(), max_size=6))
async def test_messages_page_oldest_first_and_new_messages_come_at_the_end(
    sign_in: SignIn, first: int, limit: int, between: list[bool]
) -> None:
    person = await sign_in(f"listener{next(people)}@example.org")
    talk = await begin(person, "x")
    for _ in range(first - 1):
        await post(person, talk, "x")
    seen: list[str] = []
    parameters: dict[str, Any] = {"limit": limit}
    asked = iter(between)
    while True:
        page = (await person.get(f"/api/conversations/{talk}/messages", params=parameters)).json()
        seen += [message["id"] for message in page["items"]]
        if page["next_cursor"] is None:
            break
        parameters["cursor"] = page["next_cursor"]
        if next(asked, False):
            await post(person, talk, "x")
    assert seen == [message["id"] for message in (await read(person, talk))["messages"]]


@pytest.mark.parametrize("limit", ["5.0", "5e0", " 5", "5 ", "+5", "٥", "0x5", "5_0", "05.0", "", "0", "101", "1e400"])
async def test_a_limit_that_is_no_whole_number_from_1_to_100_is_400(sign_in: SignIn, limit: str) -> None:
    admin = await sign_in("ada@example.org", role="admin")
    conversation_id = await make(admin)
    for path in ("/api/conversations", f"/api/conversations/{conversation_id}/messages", "/api/admin/users"):
        response = await admin.get(path, params={"limit": limit})
        assert response.status_code == 400, path
        assert [error["field"] for error in response.json()["errors"]] == ["limit"]


@pytest.mark.parametrize("number", ["1.0", "1e0", '"1"', "true"])
async def test_a_body_with_another_number_than_an_integer_is_400(erin: httpx.AsyncClient, number: str) -> None:
    conversation = await read(erin, await begin(erin))
    path = f"/api/messages/{conversation['messages'][1]['id']}/feedback"
    response = await erin.post(path, content=f'{{"score": {number}}}', headers={"Content-Type": "application/json"})
    assert response.status_code == 400
