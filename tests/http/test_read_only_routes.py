"""Every route on a read-only database: a read is answered, and a write is 503 with a time to try again."""

import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.http.asking import QUESTION, begin, read, slug
from tests.http.conftest import SignIn, replica
from tests.http.test_ownership import BODIES, QUERIES

Client = httpx.AsyncClient

# A GET that writes: it counts a sign-in or opens a session.
WRITING_GETS = {"beginSignIn", "finishSignIn", "devLogin"}
# A stopped answer has ended, so that another request to stop it changes nothing.
READING_POSTS = {"stopMessage"}
READY = {"getReady", "getApiReady"}
MORE_BODIES = {
    "askCoach": {"query": QUESTION},
    "createConversation": {},
    "createToken": {"name": "A script"},
    "updateMe": {"name": "Ada"},
    "updateUser": {"role": "educator"},
}


def routes(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if method not in {"HEAD", "OPTIONS"} and handler.operation_id:
                    yield method, route.path_format, handler


@pytest.fixture
async def admin(sign_in: SignIn) -> Client:
    return await sign_in("erin@example.org", role="admin")


@pytest.fixture
async def ids(admin: Client) -> dict[str, str]:
    """The ids of what Erin has, by the names of the path parameters."""
    talk = await begin(admin)
    answer = (await read(admin, talk))["messages"][1]
    shared = await admin.post(f"/api/conversations/{talk}/share", json={"expires_in_days": 7})
    return {
        "conversation_id": talk,
        "message_id": answer["id"],
        "n": "1",
        "chunk_id": answer["citations"][0]["chunk_id"],
        "token": shared.json()["token"],
        "user_id": (await admin.get("/auth/me")).json()["id"],
        "session_id": str(uuid4()),
        "token_id": str(uuid4()),
        "provider": "google",
    }


@pytest.fixture
async def reader(admin: Client, ids: dict[str, str], database_url: str) -> AsyncIterator[Client]:
    """The administrator at a replica whose database takes no writes."""
    assert ids
    name = urlsplit(database_url).path[1:]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        try:
            async with replica(database_url, cookies=admin.cookies) as client:
                yield client
        finally:
            connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())


async def test_a_passage_that_would_count_towards_the_limit_is_refused_like_a_write(
    reader: Client, ids: dict[str, str], database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        [uncited] = connection.execute(
            "SELECT id FROM chunks WHERE id NOT IN (SELECT chunk_id FROM citations) LIMIT 1"
        ).fetchone() or (None,)
    refused = await reader.get(f"/api/passages/{uncited}")
    assert (refused.status_code, slug(refused)) == (503, "database-unavailable")
    assert (await reader.get(f"/api/passages/{ids['chunk_id']}")).status_code == 200


async def test_every_read_is_answered_and_every_write_is_refused_with_a_time_to_try_again(
    app: Litestar, reader: Client, ids: dict[str, str]
) -> None:
    found: dict[str, str] = {}
    expected: dict[str, str] = {}
    for method, path, handler in routes(app):
        operation = str(handler.operation_id)
        response = await reader.request(
            method,
            re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], path),
            json=BODIES.get(operation, MORE_BODIES.get(operation)),
            params=QUERIES.get(operation),
        )
        is_write = (method != "GET" and operation not in READING_POSTS) or operation in WRITING_GETS | READY
        expected[operation] = "503 database-unavailable 2" if is_write else "200"
        found[operation] = (
            f"503 {slug(response)} {response.headers['Retry-After']}"
            if response.status_code == 503
            else str(response.status_code)
        )
    assert len(found) >= 35
    assert found == expected
