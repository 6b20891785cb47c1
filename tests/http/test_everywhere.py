"""Rules for every request: ids, problem details, media types, hostile bodies, headers, origins."""

import re
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.settings import Settings
from tests.conftest import ORIGIN

Client = httpx.AsyncClient
JSON = {"Content-Type": "application/json"}
ASK = "/api/coach/query"


async def test_the_service_creates_a_request_id_when_the_client_sends_none(client: Client) -> None:
    response = await client.get("/health")
    assert UUID(response.headers["X-Request-ID"]).version == 7


async def test_the_request_id_of_the_client_is_used(client: Client) -> None:
    response = await client.get("/nowhere", headers={"X-Request-ID": "my-request_42"})
    assert response.headers["X-Request-ID"] == "my-request_42"
    assert response.json()["instance"] == "urn:request:my-request_42"


@pytest.mark.parametrize("sent", ["short", "x" * 65, "has space in it", 'quote"inside', "back\\slash1", "ünïcödé-id"])
async def test_an_unsafe_request_id_is_replaced(client: Client, sent: str) -> None:
    response = await client.get("/health", headers={b"X-Request-ID": sent.encode()})
    assert response.headers["X-Request-ID"] != sent
    assert UUID(response.headers["X-Request-ID"]).version == 7


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/api/conversations", 401, "not-signed-in"),
        ("DELETE", "/health", 405, "method-not-allowed"),
        ("GET", "/auth/dev/login?email=nobody", 400, "invalid-input"),
    ],
)
async def test_every_error_is_problem_details(client: Client, method: str, path: str, status: int, slug: str) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"urn:problem:{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == f"urn:request:{response.headers['X-Request-ID']}"


async def test_405_names_the_supported_methods(client: Client) -> None:
    response = await client.delete("/health")
    assert {"GET", "HEAD"} <= set(re.split(r",\s*", response.headers["Allow"]))


async def test_a_missing_resource_and_another_persons_resource_get_the_same_response(
    client: Client, educator: Client
) -> None:
    mine = (await educator.post(ASK, json={"query": "What is a PLC?"})).json()["conversation_id"]
    await client.get("/auth/dev/login?email=other@example.org", follow_redirects=False)
    fixed_id = {"X-Request-ID": "the-same-id"}
    foreign = await client.get(f"/api/conversations/{mine}", headers=fixed_id)
    absent = await client.get("/api/conversations/01a209de-8c09-76f6-baa4-000000000000", headers=fixed_id)
    nowhere = await client.get("/api/nowhere", headers=fixed_id)
    assert foreign.status_code == 404
    assert foreign.content == absent.content == nowhere.content
    assert foreign.headers == absent.headers == nowhere.headers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"query": 7}', "query"),
        (b'{"query": ""}', "query"),
        (b'{"query": "   "}', "query"),
        (b'{"query": "a\\u0000b"}', "query"),
        (b'{"query": "' + b"x" * 2001 + b'"}', "query"),
        (b'{"query": "why?", "mood": "curious"}', "mood"),
        (b'{"query": "why?", "conversation_id": "7"}', "conversation_id"),
        (b"{}", "query"),
        (b"[]", "body"),
        (b'"why?"', "body"),
        (b"null", "body"),
        (b"", "body"),
    ],
)
async def test_an_invalid_body_is_400_and_names_the_field(educator: Client, body: bytes, field: str) -> None:
    response = await educator.post(ASK, content=body, headers=JSON)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "body",
    [
        b'{"query": "\xff\xfe"}',
        b'{"query": "\\ud800"}',
        b'{"query": "\\udc00 x"}',
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b'{"query": "why?"',
        b'{"query": "why?"} {}',
        b"\xef\xbb\xbf{}",
        b"NaN",
        b'{"query": 1e999999}',
    ],
)
async def test_hostile_json_is_400(educator: Client, body: bytes) -> None:
    response = await educator.post(ASK, content=body, headers=JSON)
    assert response.status_code == 400


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
async def test_a_body_that_is_not_json_is_415(educator: Client, media_type: str) -> None:
    response = await educator.post(ASK, content=b'{"query": "why?"}', headers={"Content-Type": media_type})
    assert response.status_code == 415


async def test_json_with_a_charset_is_json(educator: Client) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    response = await educator.post(ASK, content=b'{"query": "What is a PLC?"}', headers=headers)
    assert response.status_code == 200


async def test_a_body_over_1_mib_is_413(educator: Client) -> None:
    response = await educator.post(ASK, content=b" " * (1024 * 1024 + 1), headers=JSON)
    assert response.status_code == 413


async def test_unknown_query_parameters_are_ignored(educator: Client) -> None:
    assert (await educator.get("/api/conversations?colour=blue")).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=ten", "limit=", "status=deleted", "cursor=broken", "cursor=%00", "cursor=ÿ"],
)
async def test_an_invalid_value_of_a_known_query_parameter_is_400(educator: Client, query: str) -> None:
    assert (await educator.get(f"/api/conversations?{query}")).status_code == 400


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/api/conversations", "/"])
async def test_every_response_has_security_headers(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


@pytest.fixture
def production(database_url: str) -> Settings:
    return settings.load(
        {
            "ENVIRONMENT": "production",
            "DATABASE_URL": database_url,
            "PUBLIC_URL": "https://api.example.org",
            "FRONTEND_URL": "https://coach.example.org",
            "CORS_ORIGINS": "https://coach.example.org",
        },
        None,
    )


async def test_in_production_browsers_are_told_to_stay_on_https(production: Settings) -> None:
    async with AsyncTestClient(create_app(production)) as client:
        response = await client.get("/health")
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


async def test_a_page_of_an_allowed_origin_may_read_responses_with_credentials(client: Client) -> None:
    headers = (await client.get("/health", headers={"Origin": ORIGIN})).headers
    assert headers["Access-Control-Allow-Origin"] == ORIGIN
    assert headers["Access-Control-Allow-Credentials"] == "true"
    exposed = {name.strip() for name in headers["Access-Control-Expose-Headers"].split(",")}
    assert exposed == {"ETag", "X-Request-ID", "Retry-After", "Content-Disposition", "Location"}


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:5173.evil.example", "HTTP://LOCALHOST:5173", "*"]
)
async def test_a_page_of_another_origin_may_not_read_responses(client: Client, origin: str) -> None:
    headers = (await client.get("/health", headers={"Origin": origin})).headers
    assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize("headers", [{}, {"Origin": ORIGIN}, {"Origin": "https://evil.example"}])
@pytest.mark.parametrize("path", ["/health", "/nowhere"])
async def test_vary_names_origin_on_every_response(client: Client, path: str, headers: dict[str, str]) -> None:
    assert "Origin" in (await client.get(path, headers=headers)).headers["Vary"]


async def test_the_front_end_may_read_errors(client: Client) -> None:
    response = await client.get("/auth/me", headers={"Origin": ORIGIN})
    assert response.status_code == 401
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_a_preflight_of_an_allowed_origin_is_valid_for_ten_minutes(client: Client) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    response = await client.options("/api/conversations", headers=asked)
    assert response.status_code == 204
    assert response.content == b""
    assert response.headers["Access-Control-Allow-Methods"] == "GET, POST, PATCH, DELETE"
    assert response.headers["Access-Control-Max-Age"] == "600"
    allowed = {name.strip() for name in response.headers["Access-Control-Allow-Headers"].split(",")}
    assert allowed == {
        *("Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID", "X-Request-ID"),
        *("Authorization", "traceparent", "tracestate"),
    }


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/models", "/mcp"])
async def test_libraries_of_other_programs_may_send_headers_of_their_own_from_a_page(client: Client, path: str) -> None:
    own = "authorization,content-type,mcp-protocol-version,x-stainless-os"
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": own}
    response = await client.options(path, headers=asked)
    assert response.status_code == 204
    allowed = {name.strip().lower() for name in response.headers["Access-Control-Allow-Headers"].split(",")}
    assert {*own.split(","), "x-request-id", "traceparent"} <= allowed
    # Only a list of names is repeated.
    strange = await client.options(path, headers=asked | {"Access-Control-Request-Headers": "x; <b>"})
    assert strange.headers["Access-Control-Allow-Headers"].endswith("tracestate")
    elsewhere = await client.options("/api/coach/query", headers=asked)
    assert "x-stainless-os" not in elsewhere.headers["Access-Control-Allow-Headers"]
    foreign = await client.options(path, headers=asked | {"Origin": "https://evil.example"})
    assert foreign.status_code == 403


async def test_a_preflight_of_another_origin_is_refused(client: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    response = await client.options("/api/coach/query", headers=asked)
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": ORIGIN}, 200),
        ({"Origin": "http://localhost:8000"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
async def test_changes_must_come_from_an_allowed_origin(client: Client, headers: dict[str, str], status: int) -> None:
    assert (await client.post("/auth/logout", headers=headers)).status_code == status


async def test_a_foreign_page_cannot_sign_anyone_out(educator: Client) -> None:
    assert (await educator.post("/auth/logout", headers={"Origin": "https://evil.example"})).status_code == 403
    assert (await educator.get("/auth/me")).status_code == 200


async def test_a_page_of_any_origin_may_send_a_read_request(client: Client) -> None:
    assert (await client.get("/health", headers={"Origin": "https://evil.example"})).status_code == 200


async def test_options_and_405_name_all_methods_of_an_address(educator: AsyncTestClient[Litestar]) -> None:
    options = await educator.options("/auth/me")
    refused = await educator.put("/auth/me")
    assert (options.status_code, refused.status_code) == (204, 405)
    assert set(options.headers["Allow"].split(", ")) == {"GET", "PATCH", "OPTIONS"}
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "PATCH", "OPTIONS"}
