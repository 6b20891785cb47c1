"""The official Python client of the Model Context Protocol, against a running service."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from tests.http.asking import QUESTION
from tests.live import NO_AUTHORITIES, Service, serving

Hook = Callable[[httpx2.Response], Awaitable[None]]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, live_database_url: str) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    with serving(folder, DATABASE_URL=live_database_url, SIGN_IN_RATE_LIMIT="1000000", MCP="true") as service:
        service.wait_for()
        yield service


@pytest.fixture
def token(service: Service) -> str:
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "assistant@example.org"})
        for each in client.get("/auth/tokens").json()["items"]:
            client.delete(f"/auth/tokens/{each['id']}")
        return str(client.post("/auth/tokens", json={"name": "An assistant"}).json()["token"])


@asynccontextmanager
async def connected(service: Service, token: str, mode: str, *hooks: Hook) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(
            headers=headers, timeout=30, verify=NO_AUTHORITIES, event_hooks={"response": [*hooks]}
        ) as http,
        Client(streamable_http_client(f"{service.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


@pytest.mark.parametrize(("mode", "version"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
async def test_it_lists_and_calls_the_tools_with_and_without_an_initialization(
    service: Service, token: str, mode: str, version: str
) -> None:
    async with connected(service, token, mode) as client:
        assert client.protocol_version == version
        assert client.server_info
        assert client.server_info.title == "PLC Coach"
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["search", "fetch", "ask_coach"]
        assert tools["search"].input_schema["required"] == ["query"]
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        found = await client.call_tool("search", {"query": QUESTION, "limit": 3})
        results = found.structured_content["results"]
        assert len(results) == 3
        fetched = await client.call_tool("fetch", {"id": results[0]["id"]})
        assert fetched.structured_content["text"].startswith(results[0]["text"][:399])
        answered = await client.call_tool("ask_coach", {"question": QUESTION})
        assert not answered.is_error
        assert answered.structured_content["kind"] == "answer"
        assert len(answered.structured_content["citations"]) >= 2
        failed = await client.call_tool("search", {"query": QUESTION, "limit": 100})
        assert failed.is_error
        with pytest.raises(MCPError, match="There is no such tool"):
            await client.call_tool("delete_books", {})


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_without_a_valid_token_it_does_not_connect(service: Service, mode: str) -> None:
    statuses: list[int] = []

    async def record(response: httpx2.Response) -> None:
        statuses.append(response.status_code)

    with pytest.RaisesGroup(MCPError, flatten_subgroups=True):
        async with connected(service, "plc_nonsense", mode, record):
            pass
    assert {*statuses} == {401}
