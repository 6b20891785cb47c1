"""People list and read their own conversations, and no others."""

from pathlib import Path

import httpx
import psycopg
import pytest

from tests import sql_coverage

Client = httpx.AsyncClient


async def ask(client: Client, question: str, conversation_id: str | None = None) -> str:
    body = {"query": question} | ({"conversation_id": conversation_id} if conversation_id else {})
    response = await client.post("/api/coach/query", json=body)
    assert response.status_code == 200
    return str(response.json()["conversation_id"])


async def sign_in(client: Client, email: str) -> None:
    await client.get("/auth/dev/login", params={"email": email}, follow_redirects=False)


async def test_a_question_creates_a_conversation_that_is_listed(educator: Client) -> None:
    question = "What are the four critical questions of a PLC, and why do teams ask them?"
    conversation_id = await ask(educator, question)
    page = (await educator.get("/api/conversations")).json()
    assert page["next_cursor"] is None
    [item] = page["items"]
    assert set(item) == {
        *("id", "title", "status", "preview", "message_count", "share_enabled", "created_at", "updated_at"),
    }
    assert item["id"] == conversation_id
    assert item["title"] == question[:50] + "…"
    assert item["preview"] == question[:60]
    assert (item["status"], item["message_count"], item["share_enabled"]) == ("active", 2, False)


async def test_a_short_question_is_the_title(educator: Client) -> None:
    await ask(educator, "What is a SMART goal?")
    assert (await educator.get("/api/conversations")).json()["items"][0]["title"] == "What is a SMART goal?"


async def test_a_conversation_contains_its_messages_oldest_first(educator: Client) -> None:
    conversation_id = await ask(educator, "What is a SMART goal?")
    await ask(educator, "How does a team use data?", conversation_id)
    conversation = (await educator.get(f"/api/conversations/{conversation_id}")).json()
    assert [message["role"] for message in conversation["messages"]] == ["user", "assistant"] * 2
    assert conversation["messages"][0]["content"] == "What is a SMART goal?"
    assert conversation["messages"][2]["content"] == "How does a team use data?"
    assert (conversation["share"], conversation["next_cursor"]) == (None, None)
    answer = conversation["messages"][1]
    assert set(answer) == {
        *("id", "conversation_id", "role", "content", "status", "kind", "citations", "domains", "feedback"),
        *("suggestions", "stopped_early"),
        *("input_tokens", "output_tokens", "cost_usd", "response_time_ms", "created_at"),
    }
    assert (answer["status"], answer["kind"], answer["feedback"]) == ("complete", "answer", None)
    assert isinstance(answer["response_time_ms"], int)


async def test_a_question_restores_its_conversation_and_moves_it_to_the_top(
    educator: Client, database_url: str
) -> None:
    first = await ask(educator, "What is a SMART goal?")
    second = await ask(educator, "What is a PLC?")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE conversations SET status = 'archived' WHERE id = %s", (first,))
    archived = (await educator.get("/api/conversations?status=archived")).json()["items"]
    assert [item["id"] for item in archived] == [first]
    await ask(educator, "Who sets it?", first)
    active = (await educator.get("/api/conversations")).json()["items"]
    assert [item["id"] for item in active] == [first, second]


async def test_a_list_pages_without_duplicates_or_gaps_while_rows_are_added(educator: Client) -> None:
    created = [await ask(educator, f"What is a PLC, time {number}?") for number in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await educator.get(f"/api/conversations?limit=2{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        await ask(educator, "What comes in between?")
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == created[::-1]


async def test_messages_page_oldest_first(educator: Client) -> None:
    conversation_id = await ask(educator, "What is a PLC?")
    await ask(educator, "What is RTI?", conversation_id)
    path = f"/api/conversations/{conversation_id}/messages"
    everything = (await educator.get(path)).json()["items"]
    first = (await educator.get(f"{path}?limit=3")).json()
    rest = (await educator.get(f"{path}?limit=3&cursor={first['next_cursor']}")).json()
    assert first["items"] + rest["items"] == everything
    assert rest["next_cursor"] is None


async def test_a_damaged_cursor_and_a_cursor_of_another_list_are_400(educator: Client) -> None:
    for number in range(3):
        await ask(educator, f"What is a PLC, time {number}?")
    cursor = (await educator.get("/api/conversations?limit=1")).json()["next_cursor"]
    assert (await educator.get(f"/api/conversations?cursor={cursor}")).status_code == 200
    swapped = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    for bad in (cursor[:-2], cursor + "AA", swapped, "A" * len(cursor)):
        assert (await educator.get(f"/api/conversations?cursor={bad}")).status_code == 400
    assert (await educator.get(f"/api/conversations?status=archived&cursor={cursor}")).status_code == 400
    await sign_in(educator, "borrower@example.org")
    borrowed = await educator.get(f"/api/conversations?cursor={cursor}")
    assert borrowed.status_code == 400
    assert borrowed.json()["type"] == "urn:problem:invalid-cursor"


@pytest.mark.parametrize("path", ["/api/conversations/{id}", "/api/conversations/{id}/messages"])
async def test_another_persons_conversation_is_404_even_for_an_admin(educator: Client, path: str) -> None:
    conversation_id = await ask(educator, "What is a PLC?")
    await educator.get("/auth/dev/login?email=admin@example.org&role=admin", follow_redirects=False)
    assert (await educator.get(path.format(id=conversation_id))).status_code == 404
    assert (await educator.get("/api/conversations")).json()["items"] == []


async def test_nobody_can_ask_in_another_persons_conversation(educator: Client, database_url: str) -> None:
    conversation_id = await ask(educator, "What is a PLC?")
    await sign_in(educator, "intruder@example.org")
    body = {"query": "What is RTI?", "conversation_id": conversation_id}
    assert (await educator.post("/api/coach/query", json=body)).status_code == 404
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)


@pytest.mark.parametrize(
    "unknown",
    [
        "00000000-0000-0000-0000-000000000000",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "3d813cbb-47fb-32ba-91df-831e1593ac29",
        "0fef9c12-59ea-4e81-9b44-c38d257f3573",
        "FDFDA7B6-CE3A-4887-8B94-4A9E09F69EA5",
        "01a209f3-8c8c-77a5-bf69-92e4649b4b7b",
        "nonsense",
        "1",
    ],
)
async def test_an_unknown_conversation_is_404(educator: Client, unknown: str) -> None:
    assert (await educator.get(f"/api/conversations/{unknown}")).status_code == 404


async def test_a_conversation_without_messages_is_not_listed(educator: Client) -> None:
    assert (await educator.post("/api/conversations", json={"title": "Nothing yet"})).status_code == 201
    assert (await educator.get("/api/conversations")).json()["items"] == []


async def test_a_list_of_any_length_takes_one_statement_besides_the_session(
    educator: Client, database_url: str, run_folder: Path
) -> None:
    for number in range(12):
        await ask(educator, f"What is a PLC, time {number}?")
    with sql_coverage.statements(run_folder, database_url) as statements:
        assert len((await educator.get("/api/conversations?limit=10")).json()["items"]) == 10
    assert statements == ["sessions/get", "conversations/list_for_user"]
