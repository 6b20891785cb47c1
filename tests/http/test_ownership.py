"""Every route and method returns 404 for the ids of other people and for unknown ids."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid1, uuid3, uuid4, uuid5

import httpx
import psycopg
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from uuid_utils import uuid6, uuid7, uuid8

from plccoach_api.middleware.session import SIGNED_IN
from tests.http.asking import QUESTION, begin, listed, read
from tests.http.conftest import SignIn
from tests.http.tokens import bearer, create

# A valid body of each operation. Without one, a request is refused before the id is looked up.
BODIES: dict[str, Any] = {
    "updateConversation": {"title": "Mine now"},
    "postMessage": {"content": QUESTION},
    "streamMessage": {"content": QUESTION},
    "giveFeedback": {"score": 1},
    "shareConversation": {"expires_in_days": None},
}
QUERIES: dict[str, dict[str, str]] = {"exportConversation": {"format": "json"}}
# These routes have other rules about who may read, and tests of their own.
EXCLUDED = ("/api/admin/", "/auth/", "/docs/", "/pages/", "/passages/", "/v1/")

# Unknown ids of every UUID version.
UNKNOWN_IDS = {
    "1": str(uuid1()),
    "3": str(uuid3(NAMESPACE_DNS, "x")),
    "4": str(uuid4()),
    "4 in capitals": str(uuid4()).upper(),
    "5": str(uuid5(NAMESPACE_DNS, "x")),
    "6": str(uuid6()),
    "7": str(uuid7()),
    "8": str(uuid8(1, 2, 3)),
    "nil": str(UUID(int=0)),
    "max": str(UUID(int=2**128 - 1)),
}
INVALID_IDS = {"a number": "1", "a word": "nonsense", "NUL": "%00", "a path": "..%2f..", "no ASCII": "ÿ"}

Route = tuple[str, str, HTTPRouteHandler]


def routes(app: Litestar) -> Iterator[Route]:
    """Yields the routes for signed-in people that have an id in their path."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or not route.path_components or "{" not in route.path_format:
            continue
        if route.path_format.startswith(EXCLUDED):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            if method not in {"HEAD", "OPTIONS"}:
                yield method, route.path_format, handler


def fill(path: str, ids: dict[str, str], other: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], other), path)


async def send(person: httpx.AsyncClient, method: str, path: str, handler: HTTPRouteHandler) -> httpx.Response:
    operation = str(handler.operation_id)
    return await person.request(
        method,
        path,
        json=BODIES.get(operation),
        params=QUERIES.get(operation),
        headers={"X-Request-ID": "the-same-id"},
    )


@pytest.fixture
async def victim(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("victim@example.org")


@pytest.fixture
async def ids(victim: httpx.AsyncClient) -> dict[str, str]:
    """The victim's ids, by the names of the path parameters."""
    talk = await begin(victim)
    answer = (await read(victim, talk))["messages"][1]["id"]
    return {"conversation_id": talk, "message_id": answer, "n": "1", "token": "A" * 43}


def contents(database_url: str) -> list[Any]:
    with psycopg.connect(database_url) as connection:
        return [
            connection.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1".encode()).fetchall()
            for table in ("conversations", "messages", "shares")
        ]


async def test_every_route_with_an_id_is_for_signed_in_people(app: Litestar) -> None:
    with_ids = list(routes(app))
    assert len(with_ids) >= 11
    for method, path, handler in with_ids:
        assert handler.opt[SIGNED_IN], f"{method} {path}"


@pytest.mark.parametrize("role", ["educator", "coach", "admin"])
@pytest.mark.parametrize("by", ["session", "token"])
async def test_other_peoples_resources_are_404_for_every_role_and_do_not_change(
    app: Litestar, sign_in: SignIn, ids: dict[str, str], database_url: str, *, role: str, by: str
) -> None:
    other = await sign_in("other@example.org", role=role)
    if by == "token":
        other.headers.update(bearer(await create(other)))
        other.cookies.clear()
    before = contents(database_url)
    answers: set[bytes] = set()
    for method, path, handler in routes(app):
        response = await send(other, method, fill(path, ids, ids["conversation_id"]), handler)
        assert response.status_code == 404, f"{method} {path}: {response.text}"
        answers.add(response.content)
    answers.add((await other.get("/api/nowhere", headers={"X-Request-ID": "the-same-id"})).content)
    assert len(answers) == 1
    assert contents(database_url) == before


async def test_another_persons_question_is_404_like_their_answer(
    app: Litestar, sign_in: SignIn, victim: httpx.AsyncClient, ids: dict[str, str]
) -> None:
    other = await sign_in("other@example.org")
    ids["message_id"] = (await read(victim, ids["conversation_id"]))["messages"][0]["id"]
    for method, path, handler in routes(app):
        response = await send(other, method, fill(path, ids, ids["conversation_id"]), handler)
        assert response.status_code == 404, f"{method} {path}: {response.text}"


async def test_a_query_in_another_persons_conversation_is_404(
    sign_in: SignIn, ids: dict[str, str], database_url: str
) -> None:
    other = await sign_in("other@example.org", role="admin")
    before = contents(database_url)
    for talk in (ids["conversation_id"], *UNKNOWN_IDS.values()):
        response = await other.post("/api/coach/query", json={"query": QUESTION, "conversation_id": talk})
        assert response.status_code == 404
    assert contents(database_url) == before
    assert await listed(other) == []


async def test_without_a_session_known_and_unknown_ids_are_401(
    app: Litestar, victim: httpx.AsyncClient, ids: dict[str, str], database_url: str
) -> None:
    victim.cookies.clear()
    before = contents(database_url)
    answers: set[bytes] = set()
    for method, path, handler in routes(app):
        for filled in (fill(path, ids, ids["conversation_id"]), fill(path, {}, UNKNOWN_IDS["4"])):
            response = await send(victim, method, filled, handler)
            assert response.status_code == 401, f"{method} {path}: {response.text}"
            answers.add(response.content)
    assert len(answers) == 1
    assert contents(database_url) == before


@pytest.mark.parametrize("kind", [*UNKNOWN_IDS, *INVALID_IDS])
async def test_unknown_and_invalid_ids_are_404_with_the_same_body(app: Litestar, sign_in: SignIn, kind: str) -> None:
    other = await sign_in("other@example.org")
    answers: set[bytes] = set()
    for method, path, handler in routes(app):
        response = await send(other, method, fill(path, {"n": "1"}, (UNKNOWN_IDS | INVALID_IDS)[kind]), handler)
        assert response.status_code == 404, f"{method} {path}: {response.text}"
        answers.add(response.content)
    assert len(answers) == 1
