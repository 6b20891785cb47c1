"""Every refusal of input names the client's field and says in plain words what is allowed.

The tests walk the OpenAPI document, so that a new body or parameter is tested without another line here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest

from tests.http.conftest import SignIn

ANY_ID = "01a209de-8c09-76f6-baa4-77e106cf2850"
JSON = {"Content-Type": "application/json"}
JARGON = re.compile(
    r"\bObject\b|StructMeta|\$\.|`|Expected|Invalid|regex|\bstr\b|\bint\b|\bnull null\b|matching|enum|array|None|<|\\x"
)
DOCUMENT = msgspec.json.decode((Path(__file__).parents[2] / "docs" / "openapi.json").read_bytes())
SCHEMAS = DOCUMENT["components"]["schemas"]


class Body(NamedTuple):
    method: str
    path: str
    schema: dict[str, Any]
    example: dict[str, Any]


class Parameter(NamedTuple):
    method: str
    path: str
    place: str
    name: str
    schema: dict[str, Any]
    required: dict[str, str]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    return schema


def bodies() -> Iterator[Body]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                yield Body(method, path, resolved(content["schema"]), content["example"])


def parameters() -> Iterator[Parameter]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            given = operation.get("parameters", [])
            required = {
                each["name"]: resolved(each["schema"]).get("enum", ["x"])[0]
                for each in given
                if each["in"] == "query" and each.get("required")
            }
            for each in given:
                if each["in"] != "path":
                    schema = resolved(each["schema"])
                    yield Parameter(method, path, each["in"], each["name"], schema, required)


def alternatives(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [resolved(each) for each in schema.get("anyOf", schema.get("oneOf", [schema]))]


def wrong_values(schema: dict[str, Any]) -> Iterator[Any]:
    """Yields values that a field of this schema refuses."""
    kinds = alternatives(resolved(schema))
    types = {name for kind in kinds for name in ([kind["type"]] if isinstance(kind["type"], str) else kind["type"])}
    yield from ({}, 1.5)
    of_types: dict[str, Any] = {"boolean": True, "array": ["x"], "string": "x", "integer": 7}
    yield from (value for name, value in of_types.items() if name not in types)
    if "null" not in types:
        yield None
    for kind in kinds:
        if "enum" in kind or kind.get("format") == "uuid":
            yield "nonsense" if kind["type"] != "integer" else 999
        elif "string" in kind.get("type", ()):
            yield from ("x" * 5000, "a\x00b")
            yield from ("", " \n ") if kind.get("minLength") else ()
        elif "array" in kind.get("type", ()):
            yield from ([True], [None])
            yield [] if kind.get("minItems") else ["nonsense"]
            yield ["nonsense"] * 50
            yield [ANY_ID] * 50
        elif "maximum" in kind:
            yield from (kind["minimum"] - 1, kind["maximum"] + 1)


def judge(response: httpx.Response, field: str) -> None:
    """Asserts that the problem names the field, and explains its fault in a plain sentence."""
    context = f"{response.request.method} {response.request.url} {response.request.content[:200]!r}: {response.text}"
    assert response.status_code == 400, context
    errors = response.json()["errors"]
    assert [re.sub(r"\[\d+\]$", "", error["field"]) for error in errors] == [field], context
    for error in errors:
        assert re.match(r"(This|The|A|Give|Line) ?.*\.$", error["message"], re.DOTALL), context
        assert not JARGON.search(error["message"]), context


@pytest.fixture
async def admin(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("admin@example.org", role="admin")


def url_of(path: str) -> str:
    return re.sub(r"\{\w+\}", ANY_ID, path)


@pytest.mark.parametrize("body", list(bodies()), ids=lambda body: f"{body.method} {body.path}")
async def test_every_invalid_field_of_a_body_is_explained(admin: httpx.AsyncClient, body: Body) -> None:
    url = url_of(body.path)
    for field, schema in body.schema["properties"].items():
        for value in wrong_values(schema):
            judge(await admin.request(body.method, url, json=body.example | {field: value}), field)
    for field in body.schema.get("required", []):
        rest = {name: value for name, value in body.example.items() if name != field}
        judge(await admin.request(body.method, url, json=rest), field)
    judge(await admin.request(body.method, url, json=body.example | {"mood": "good"}), "mood")


@pytest.mark.parametrize("body", list(bodies()), ids=lambda body: f"{body.method} {body.path}")
@pytest.mark.parametrize("sent", [b"", b" \n", b"null", b"[]", b"7", b'"why?"', b"{", b"{]", b"\xff", b"[" * 100_000])
async def test_a_body_of_another_kind_is_explained(admin: httpx.AsyncClient, body: Body, sent: bytes) -> None:
    judge(await admin.request(body.method, url_of(body.path), content=sent, headers=JSON), "body")


@pytest.mark.parametrize("each", list(parameters()), ids=lambda each: f"{each.method} {each.path} {each.name}")
async def test_every_invalid_parameter_is_explained(admin: httpx.AsyncClient, each: Parameter) -> None:
    values = {"a\x00b"} if "pattern" in each.schema else set()
    values |= {"nonsense"} if "enum" in each.schema or each.schema.get("format") == "uuid" else set()
    values |= {"ten", "0", "1000", ""} if each.schema["type"] == "integer" else set()
    values |= {"x" * (each.schema["maxLength"] + 1)} if "maxLength" in each.schema else set()
    values |= {""} if each.schema.get("minLength") else set()
    for value in values:
        if each.place == "header":
            body = next((body.example for body in bodies() if (body.method, body.path) == (each.method, each.path)), {})
            sent = value.replace("\x00", "\x7f")
            response = await admin.request(each.method, url_of(each.path), json=body, headers={each.name: sent})
        else:
            response = await admin.request(
                each.method, url_of(each.path), params=each.required | {each.name: value}, follow_redirects=False
            )
        judge(response, each.name)


async def test_a_missing_parameter_is_named(admin: httpx.AsyncClient) -> None:
    response = await admin.get(f"/api/conversations/{ANY_ID}/export")
    assert response.json()["errors"] == [{"field": "format", "message": "This parameter is required."}]


async def test_a_header_does_not_stand_for_a_missing_parameter_of_the_query(admin: httpx.AsyncClient) -> None:
    response = await admin.get(f"/api/conversations/{ANY_ID}/export", headers={"format": "pdf"})
    assert response.json()["errors"] == [{"field": "format", "message": "This parameter is required."}]


@pytest.mark.parametrize(
    ("path", "body", "field", "message"),
    [
        ("/api/conversations", {"title": "x" * 201}, "title", "This has 201 characters; at most 200 are allowed."),
        ("/api/conversations", {"title": "  "}, "title", "This must not be empty."),
        ("/api/conversations", {"title": 7}, "title", "This must be text or null, not a number."),
        ("/api/conversations", {"name": "x"}, "name", "This field is unknown. Known are: title."),
        ("/api/coach/query", {}, "query", "This field is required."),
        ("/api/coach/query", {"query": None}, "query", "This must be text, not null."),
        ("/api/coach/query", {"query": "x", "book_ids": 7}, "book_ids", "This must be a list or null, not a number."),
        (
            f"/api/conversations/{ANY_ID}/share",
            {"expires_in_days": 8},
            "expires_in_days",
            "This must be one of: 7, 30 or null.",
        ),
        (
            f"/api/messages/{ANY_ID}/feedback",
            {"score": -1, "reasons": ["boring"]},
            "reasons[0]",
            "This must be one of: inaccurate, incomplete, not_relevant, missing_citations, other.",
        ),
        (
            f"/api/messages/{ANY_ID}/feedback",
            {"score": -1, "reasons": ["other", "other"]},
            "reasons",
            "Give each reason only once.",
        ),
    ],
)
async def test_a_message_says_what_is_allowed(
    admin: httpx.AsyncClient, path: str, body: Any, field: str, message: str
) -> None:
    assert (await admin.post(path, json=body)).json()["errors"] == [{"field": field, "message": message}]


@pytest.mark.parametrize(
    ("sent", "detail", "message"),
    [
        (b"", "The request has no body.", 'A body is missing. It must be of the form {"query": …}.'),
        (b"[]", None, 'The body must be of the form {"query": …}, not a list.'),
        (
            b'{"query": "Why?",\n "book_ids": [,]}',
            "The body is not valid JSON.",
            "The JSON is not valid at line 2, column 15.",
        ),
        (b'{"query": "Why?"', "The body is not valid JSON.", "The JSON ends too early, after 16 characters."),
        (b'{"query": "\xff"}', "The body is not valid JSON.", "The body must be UTF-8; byte 12 is not."),
        (
            b'{"query": "\\ud83d"}',
            "The body is not valid JSON.",
            "The JSON ends too early, or contains half of a surrogate pair.",
        ),
    ],
)
async def test_a_body_that_is_not_json_is_explained_with_the_place_of_the_fault(
    admin: httpx.AsyncClient, sent: bytes, detail: str | None, message: str
) -> None:
    problem = (await admin.post("/api/coach/query", content=sent, headers=JSON)).json()
    assert problem["errors"] == [{"field": "body", "message": message}]
    assert detail is None or problem["detail"] == detail


@pytest.mark.parametrize("email", ["nobody", "a b@example.org", "@example.org", "ada@"])
async def test_the_rule_for_an_email_is_said_in_words(client: httpx.AsyncClient, email: str) -> None:
    [error] = (await client.get("/auth/dev/login", params={"email": email})).json()["errors"]
    assert error["field"] == "email"
    assert error["message"].startswith("This must be an email address, such as ada@example.org")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (b'{"query": "Why?", "book_ids": ["x"], "book_ids": []}', "book_ids[0]"),
        (b'{"query": "Why?", "book_ids": ["x"], "book_ids": {}}', "book_ids[0]"),
        (b'{"query": "Why?", "book_ids": ["x"], "book_ids": 7}', "book_ids[0]"),
        (b'{"query": 7, "query": "Why?"}', "query"),
        (b'{"query": 7, "x": 1e999999}', "query"),
        (b'{"query": 7, "x": \xff}', "query"),
    ],
)
async def test_a_field_that_occurs_twice_or_before_broken_json_is_named(
    admin: httpx.AsyncClient, sent: bytes, field: str
) -> None:
    response = await admin.post("/api/coach/query", content=sent, headers=JSON)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
