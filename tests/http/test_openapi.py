"""The OpenAPI document is valid, complete, committed, and describes what the service does."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import AsyncTestClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from plccoach_api import resources, settings
from plccoach_api.app import create_app
from plccoach_api.commands.openapi import default_document
from plccoach_api.openapi.examples import EXAMPLES
from plccoach_api.problems import KINDS
from plccoach_api.structs.coach import CoachAnswer
from tests.http.conftest import SignIn
from tests.http.tokens import bearer, create

SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.json"
DOCUMENTATION = {"/docs", "/redoc", "/docs/{version}/{name}", "/openapi.json", "/openapi.yaml"}
ANY_ID = "01a209de-8c09-76f6-baa4-77e106cf2850"
# For people, not for programs.
PAGES = {"/try", "/pages/{version}/{name}", "/passages/{chunk_id}"}
# Their clients know OpenAI's own schema, and generated clients of ours do not need a second way to ask.
PROTOCOL = {"/v1/models", "/v1/models/{model}", "/v1/chat/completions"}

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def committed() -> bytes:
    return default_document()


@pytest.fixture(scope="module")
def document(committed: bytes) -> Any:
    return msgspec.json.decode(committed)


@pytest.fixture(scope="module")
def operations(document: Any) -> list[Operation]:
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def nodes(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Yields every node of the document with its path."""
    yield at, node
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from nodes(value, f"{at}/{key}")


def json_bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for body in (operation.get("requestBody", {}), *operation["responses"].values()):
        if "application/json" in body.get("content", {}):
            yield body["content"]["application/json"]


def test_the_document_is_valid_openapi(document: Any) -> None:
    validate(document)


def test_the_committed_document_is_up_to_date(committed: bytes) -> None:
    assert SNAPSHOT.read_bytes() == committed, "docs/openapi.json is out of date. Run: just openapi"


async def test_the_served_document_equals_the_committed_document(client: httpx.AsyncClient, document: Any) -> None:
    assert (await client.get("/openapi.json")).json() == document


async def test_the_document_contains_the_configured_names_of_the_service_and_the_cookie(database_url: str) -> None:
    given = {"APP_NAME": "Coach", "APP_VERSION": "7", "PUBLIC_URL": "https://coach.test", "DATABASE_URL": database_url}
    async with AsyncTestClient(create_app(settings.load(given, None))) as client:
        document = (await client.get("/openapi.json")).json()
    assert (document["info"]["title"], document["info"]["version"]) == ("Coach", "7")
    assert document["components"]["securitySchemes"]["session"]["name"] == "__Host-plc_session"


def test_every_operation_has_a_unique_id_in_camel_case(operations: list[Operation]) -> None:
    names = [operation["operationId"] for _, _, operation in operations]
    assert [name for name in names if not re.fullmatch(r"[a-z][A-Za-z0-9]{3,40}", name)] == []
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_operation_has_a_summary_and_its_parameters_have_descriptions(
    operations: list[Operation], document: Any
) -> None:
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    for method, path, operation in operations:
        assert operation["summary"], f"{method} {path}"
        assert len(operation["tags"]) == 1
        assert set(operation["tags"]) <= described
        assert all(parameter["description"] for parameter in operation.get("parameters", [])), f"{method} {path}"


def test_every_operation_can_end_with_a_problem(operations: list[Operation], document: Any) -> None:
    for method, path, operation in operations:
        failures = {s: r for s, r in operation["responses"].items() if s == "default" or s >= "400"}
        assert "default" in failures, f"{method} {path}"
        for failure in failures.values():
            response = document["components"]["responses"][failure["$ref"].rpartition("/")[2]]
            [(media_type, content)] = response["content"].items()
            assert media_type == "application/problem+json"
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_400_is_documented_where_there_is_input_and_on_every_post_and_patch(operations: list[Operation]) -> None:
    for method, path, operation in operations:
        if method in {"POST", "PATCH"} or "parameters" in operation:
            assert "400" in operation["responses"], f"{method} {path}"


def test_403_for_a_foreign_origin_is_documented_on_every_change(operations: list[Operation]) -> None:
    assert all("403" in operation["responses"] for method, _, operation in operations if method != "GET")


async def test_the_session_is_declared_exactly_where_a_request_without_a_session_is_refused(
    client: httpx.AsyncClient, operations: list[Operation], document: Any
) -> None:
    assert document["components"]["securitySchemes"]["session"] == {
        "type": "apiKey",
        "in": "cookie",
        "name": "plc_session",
        "description": document["components"]["securitySchemes"]["session"]["description"],
    }
    for method, path, operation in operations:
        body: dict[str, Any] | None = {} if "requestBody" in operation else None
        url = re.sub(r"\{\w+\}", ANY_ID, path)
        refused = (await client.request(method, url, json=body, follow_redirects=False)).status_code == 401
        assert refused == ("401" in operation["responses"]), f"{method} {path}"
        assert ({"session": []} in operation["security"]) == refused, f"{method} {path}"


async def test_the_token_is_declared_exactly_where_a_token_is_accepted(
    client: httpx.AsyncClient, sign_in: SignIn, operations: list[Operation], document: Any
) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    header = bearer(await create(await sign_in("erin@example.org", role="admin")))
    for method, path, operation in operations:
        body: dict[str, Any] | None = {} if "requestBody" in operation else None
        url = re.sub(r"\{\w+\}", ANY_ID, path)
        response = await client.request(method, url, json=body, headers=header, follow_redirects=False)
        refused = response.status_code == 403
        assert refused <= ("403" in operation["responses"]), f"{method} {path}"
        signed_in = {"session": []} in operation["security"]
        assert ({"token": []} in operation["security"]) == (signed_in and not refused), f"{method} {path}"


async def test_every_route_is_in_the_document(app: Litestar, operations: list[Operation]) -> None:
    routes = {
        (method, route.path_format or "/")
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods - {"HEAD", "OPTIONS"}
    }
    documented = {(method, path) for method, path, _ in operations}
    assert {(method, path) for method, path in routes if path not in DOCUMENTATION | PAGES | PROTOCOL} == documented


def test_every_enum_is_a_schema_and_occurs_once(document: Any) -> None:
    enums = {at: tuple(node["enum"]) for at, node in nodes(document) if isinstance(node, dict) and "enum" in node}
    assert [at for at in enums if not re.fullmatch(r"/components/schemas/[A-Za-z]+", at)] == []
    assert [values for values, times in Counter(enums.values()).items() if times > 1] == []


def test_every_enum_of_numbers_names_them_for_generated_clients(document: Any) -> None:
    numbers = {
        name: dict(zip(schema["x-enum-varnames"], schema["enum"], strict=True))
        for name, schema in document["components"]["schemas"].items()
        if schema.get("type") == "integer"
    }
    assert numbers == {"FeedbackScore": {"down": -1, "up": 1}, "ShareDays": {"week": 7, "month": 30}}


def test_no_description_is_indented(document: Any) -> None:
    descriptions = {at: node for at, node in nodes(document) if at.endswith("/description") and isinstance(node, str)}
    assert len(descriptions) > 100
    assert [at for at, description in descriptions.items() if re.search(r"^[ \t]", description, re.MULTILINE)] == []


def test_schemas_have_short_names(document: Any) -> None:
    assert [name for name in document["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]{1,30}", name)] == []


def test_times_have_the_format_date_time(document: Any) -> None:
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            if field.endswith("_at") or field == "last_login":
                assert described.get("format") == "date-time", f"{name}.{field}: use structs/time.py"


def test_every_body_has_an_example_that_matches_its_schema(operations: list[Operation], document: Any) -> None:
    for method, path, operation in operations:
        for content in json_bodies(operation):
            assert "example" in content, f"{method} {path}: openapi/examples.py has none for {content['schema']}"
            schema = content["schema"] | {"components": document["components"]}
            assert list(OAS31Validator(schema).iter_errors(content["example"])) == []


def test_the_quotes_of_the_example_occur_in_the_handbook() -> None:
    handbook = "".join(path.read_text("utf-8") for path in resources.SAMPLE_CORPUS.glob("*.md"))
    answer = EXAMPLES["CoachAnswer"]
    assert isinstance(answer, CoachAnswer)
    assert answer.citations
    for citation in answer.citations:
        assert citation.quote in " ".join(handbook.split())
        assert f"{citation.quote} [{citation.index}]" in answer.response


def test_the_schema_of_an_event_is_one_of_five(document: Any) -> None:
    names = ["MessageStart", "ContentDelta", "Citation", "MessageComplete", "StreamError"]
    schemas = document["components"]["schemas"]
    assert schemas["AnswerEvent"]["oneOf"] == [{"$ref": f"#/components/schemas/{name}"} for name in names]
    for name in names:
        others = {field for other in names if other != name for field in schemas[other]["properties"]}
        assert set(schemas[name]["required"]) - others, f"a client cannot tell {name} apart"


def test_every_problem_and_every_provider_is_a_value_of_its_enum(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["ProblemType"]["enum"] == sorted(f"urn:problem:{kind.slug}" for kind in KINDS)
    assert schemas["Problem"]["properties"]["type"] == {"$ref": "#/components/schemas/ProblemType"}
    for path in ("/auth/{provider}/login", "/auth/{provider}/callback"):
        [parameter] = [each for each in document["paths"][path]["get"]["parameters"] if each["name"] == "provider"]
        assert parameter["schema"] == {"$ref": "#/components/schemas/Provider"}


def test_the_documentation_begins_with_the_coach_and_ends_with_the_service(document: Any) -> None:
    names = [tag["name"] for tag in document["tags"]]
    assert (names[0], names[-1]) == ("coach", "service")
