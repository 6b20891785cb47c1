"""The Model Context Protocol: an assistant searches the books, reads passages and asks the coach, for one person."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest
from litestar import Litestar

from plccoach_api import ids, settings
from plccoach_api.app import create_app
from plccoach_api.rules.rate_limits import PASSAGES_AN_HOUR
from tests.conftest import GENEROUS
from tests.http.asking import QUESTION, begin, read, slug
from tests.http.conftest import SignIn, client_of, coach_broken, replica
from tests.http.test_chat import ask as ask_as_a_chat_page
from tests.http.test_chat import stored
from tests.http.test_passage_limit import counted, set_window
from tests.http.test_token_access import (
    Spoil,
    ended,
    expired,
    never_created,
    of_an_inactive_owner,
    with_a_wrong_checksum,
)
from tests.http.tokens import bearer, create, is_refused
from tests.lent import LentDatabase
from tests.tools.model_server import ModelServer, Say

Client = httpx.AsyncClient

HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.fixture(scope="module")
async def speaking_app(lent_database: LentDatabase) -> AsyncIterator[Litestar]:
    """An application that speaks the protocol."""
    app = create_app(settings.load({"DATABASE_URL": lent_database.url, "MCP": "true"} | GENEROUS, None))
    async with app.lifespan():
        yield app


@pytest.fixture
async def assistant(erin: Client, speaking_app: Litestar) -> AsyncIterator[Client]:
    """An assistant of Erin's."""
    async with client_of(speaking_app) as client:
        client.headers.update(HEADERS | bearer(await create(erin)))
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Returns the result of a tool."""
    params = {"name": tool, "arguments": arguments}
    response = await client.post("/mcp", json={"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})
    assert response.status_code == 200, response.text
    assert (response.headers["Content-Type"], response.headers["Cache-Control"]) == ("application/json", "no-store")
    body = response.json()
    assert (body["jsonrpc"], body["id"]) == ("2.0", 7)
    result: dict[str, Any] = body["result"]
    return result


async def succeed(client: Client, tool: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    """Returns the text and the structured content of a tool's result."""
    result = await call(client, tool, **arguments)
    [content] = result["content"]
    assert not result.get("isError"), content
    assert content["type"] == "text"
    return content["text"], result["structuredContent"]


async def fail(client: Client, tool: str, **arguments: Any) -> str:
    """Returns the text of a tool's result that says why it failed."""
    result = await call(client, tool, **arguments)
    assert result["isError"] is True
    assert "structuredContent" not in result
    [content] = result["content"]
    return str(content["text"])


async def test_search_returns_the_beginnings_of_the_best_passages(assistant: Client) -> None:
    text, found = await succeed(assistant, "search", query=QUESTION)
    assert json.loads(text) == found
    assert len(found["results"]) == 10
    for result in found["results"]:
        assert list(result) == ["id", "title", "url", "text"]
        assert result["url"] == f"http://localhost:8000/passages/{result['id']}"
        assert result["title"].startswith("Learning Together")
        assert 0 < len(result["text"]) <= 400
    cited = (await succeed(assistant, "ask_coach", question=QUESTION))[1]["citations"]
    assert {cited[0]["chunk_id"]} <= {result["id"] for result in found["results"]}
    for limit in (1, 20):
        assert len((await succeed(assistant, "search", query=QUESTION, limit=limit))[1]["results"]) == limit


async def test_fetch_returns_a_whole_passage(assistant: Client) -> None:
    [result] = (await succeed(assistant, "search", query=QUESTION, limit=1))[1]["results"]
    text, fetched = await succeed(assistant, "fetch", id=result["id"])
    assert json.loads(text) == fetched
    assert list(fetched) == ["id", "title", "text", "url", "metadata"]
    assert {name: fetched[name] for name in ("id", "title", "url")} == {
        name: result[name] for name in ("id", "title", "url")
    }
    assert len(fetched["text"]) > 400
    passage = (await assistant.get(f"/api/passages/{result['id']}")).json()
    assert fetched["text"] == passage.pop("content")
    assert passage == {"chunk_id": fetched["id"]} | fetched["metadata"]


async def test_ask_coach_returns_what_any_program_is_answered_and_stores_nothing(
    assistant: Client, database_url: str
) -> None:
    text, answered = await succeed(assistant, "ask_coach", question=QUESTION)
    assert list(answered) == ["kind", "answer", "citations"]
    completion = (await ask_as_a_chat_page(assistant)).json()
    assert text == answered["answer"] == completion["choices"][0]["message"]["content"]
    assert answered["kind"] == "answer"
    assert answered["citations"] == completion["citations"]
    assert stored(database_url) == 0


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("search", {"query": " "}, "query: This must not be empty."),
        ("search", {"query": QUESTION, "limit": 21}, "limit: "),
        ("search", {"query": QUESTION, "limit": 0}, "limit: "),
        ("search", {}, "query: This field is required."),
        ("fetch", {"id": "unknown"}, "id: "),
        ("fetch", {"id": str(ids.new())}, "This does not exist, or you may not see it."),
        ("ask_coach", {"question": "x" * 2001}, "question: This has 2,001 characters; at most 2,000 are allowed."),
        ("ask_coach", {"question": QUESTION, "book": "any"}, "book: This field is unknown."),
    ],
)
async def test_a_call_that_cannot_succeed_is_a_result_that_says_why(
    assistant: Client, tool: str, arguments: dict[str, Any], words: str
) -> None:
    assert words in await fail(assistant, tool, **arguments)


async def test_an_error_of_ours_is_a_result_that_shows_nothing_of_it(assistant: Client, database_url: str) -> None:
    with coach_broken(database_url):
        for tool, arguments in (("search", {"query": QUESTION}), ("ask_coach", {"question": QUESTION})):
            text = await fail(assistant, tool, **arguments)
            assert text.startswith("Something went wrong on our side.")
            assert "chunks" not in text


async def test_questions_count_towards_the_limit_of_all_routes_and_searches_towards_one_of_the_same_size(
    erin: Client, database_url: str
) -> None:
    async with replica(database_url, configured={"MCP": "true", "COACH_RATE_LIMIT": "2"}) as limited:
        limited.headers.update(HEADERS | bearer(await create(erin)))
        await succeed(limited, "ask_coach", question=QUESTION)
        assert (await ask_as_a_chat_page(limited)).status_code == 200
        refused = await fail(limited, "ask_coach", question=QUESTION)
        assert refused.startswith("Too many requests were sent.")
        assert 3500 < int(refused.split()[-2]) <= 3600
        assert (await ask_as_a_chat_page(limited)).status_code == 429
        for _ in range(2):
            await succeed(limited, "search", query=QUESTION)
        assert "Too many requests" in await fail(limited, "search", query=QUESTION)


async def test_fetched_passages_count_with_those_that_the_person_reads_elsewhere(
    assistant: Client, erin: Client, database_url: str
) -> None:
    results = (await succeed(assistant, "search", query="How do teams build a vision?", limit=20))[1]["results"]
    answer = (await read(erin, await begin(erin)))["messages"][1]
    cited = {citation["chunk_id"] for citation in answer["citations"]}
    uncited = next(result["id"] for result in results if result["id"] not in cited)
    await succeed(assistant, "fetch", id=uncited)
    assert (await erin.get(f"/api/passages/{uncited}")).status_code == 200
    assert counted(database_url) == 2
    set_window(database_url, f"requests = {PASSAGES_AN_HOUR}")
    assert "50 passages" in await fail(assistant, "fetch", id=uncited)
    for chunk_id in cited:
        await succeed(assistant, "fetch", id=chunk_id)


async def test_an_answer_costs_as_much_as_any_other_and_the_ceiling_holds(
    erin: Client, database_url: str, model_server: ModelServer
) -> None:
    model_server.otherwise = lambda request: Say(["Teams ", "meet. [1]"] if request.body.get("stream") else ["{}"])
    configured = {
        "MCP": "true",
        "COACH_COST_CEILING": "0.01",
        "ANSWERER": "openai",
        "OPENAI_BASE_URL": model_server.url,
        "MODEL_PRICES": '{"gpt-4o": {"input": 5, "output": 5}}',
    }
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO organizations (id, name, provider, external_id, created_at) "
            "VALUES (gen_random_uuid(), 'A district', 'google', 'x', now())"
        )
        connection.execute("UPDATE users SET organization_id = (SELECT id FROM organizations)")
    async with replica(database_url, configured=configured) as paid:
        paid.headers.update(HEADERS | bearer(await create(erin)))
        await succeed(paid, "ask_coach", question=QUESTION)
        with psycopg.connect(database_url) as connection:
            [cost] = connection.execute("SELECT sum(cost_usd) FROM spending").fetchone() or (0,)
        assert cost > 0.01
        refused = await fail(paid, "ask_coach", question=QUESTION)
        assert refused.startswith("Your organization has used this month's budget for the coach.")


@pytest.mark.parametrize("spoil", [ended, expired, with_a_wrong_checksum, of_an_inactive_owner, never_created])
async def test_a_token_that_is_not_valid_is_401(
    assistant: Client, erin: Client, database_url: str, *, spoil: Spoil
) -> None:
    created = await create(erin)
    [other] = [each for each in (await erin.get("/auth/tokens")).json()["items"] if each["id"] != created["id"]]
    assert (await erin.delete(f"/auth/tokens/{other['id']}")).status_code == 204
    assistant.headers.update(bearer(created))
    assert (await assistant.post("/mcp", json=LIST)).status_code == 200
    assistant.headers.update(bearer(await spoil(erin, created["token"], database_url)))
    assert is_refused(await assistant.post("/mcp", json=LIST))


async def test_a_session_without_a_token_is_401(assistant: Client, erin: Client) -> None:
    del assistant.headers["Authorization"]
    assert is_refused(await assistant.post("/mcp", json=LIST))
    assistant.cookies = erin.cookies
    assert is_refused(await assistant.post("/mcp", json=LIST))


async def test_another_persons_answer_makes_no_passage_free(
    assistant: Client, sign_in: SignIn, database_url: str
) -> None:
    other = await sign_in("other@example.org")
    answer = (await read(other, await begin(other)))["messages"][1]
    await succeed(assistant, "fetch", id=answer["citations"][0]["chunk_id"])
    assert counted(database_url) == 1


async def test_it_is_off_unless_the_setting_says_otherwise(client: Client, erin: Client) -> None:
    response = await client.post("/mcp", json=LIST, headers=HEADERS | bearer(await create(erin)))
    assert (response.status_code, slug(response)) == (404, "not-found")


async def test_there_is_no_stream_to_read_and_no_session_to_end(assistant: Client) -> None:
    for method in ("GET", "DELETE"):
        response = await assistant.request(method, "/mcp")
        assert (response.status_code, slug(response)) == (405, "method-not-allowed")
        assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"{}", "text/plain", (415, "unsupported-media-type")),
        (b"{", "application/json", (400, "invalid-input")),
        (b"", "application/json", (400, "invalid-input")),
        (b"\xff", "application/json", (400, "invalid-input")),
        (b"[" * 100_000, "application/json", (400, "invalid-input")),
        (json.dumps([LIST]).encode(), "application/json", (400, "invalid-input")),
        (b'{"jsonrpc": "2.0", "id": 1, "result": {}}', "application/json", (400, "invalid-input")),
        (b" " * 1024 * 1024 + b"{}", "application/json", (413, "body-too-large")),
    ],
)
async def test_what_is_no_message_is_refused_as_on_other_routes(
    assistant: Client, body: bytes, content_type: str, expected: tuple[int, str]
) -> None:
    headers = {"Content-Type": content_type, "X-Request-ID": "of-the-client"}
    response = await assistant.post("/mcp", content=body, headers=headers)
    assert (response.status_code, slug(response)) == expected
    assert response.headers["X-Request-ID"] == "of-the-client"
