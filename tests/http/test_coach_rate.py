"""So many questions an hour, over all routes that ask, for each person."""

import httpx
import pytest
from litestar import Litestar

from plccoach_api import settings
from plccoach_api.app import create_app
from tests.http.asking import QUESTION, make, post, slug
from tests.http.conftest import SignIn

LIMIT = 3


@pytest.fixture
def app(database_url: str) -> Litestar:
    return create_app(settings.load({"DATABASE_URL": database_url, "COACH_RATE_LIMIT": str(LIMIT)}, None))


async def test_the_limit_holds_over_all_routes_and_replays_do_not_count(
    erin: httpx.AsyncClient, sign_in: SignIn
) -> None:
    talk, key = await make(erin), {"Idempotency-Key": "k"}
    stream = f"/api/conversations/{talk}/messages/stream"
    assert (await post(erin, talk, **key)).status_code == 201
    assert (await erin.post("/api/coach/query", json={"query": QUESTION})).status_code == 200
    assert (await erin.post("/api/conversations/unknown/messages", json={"content": QUESTION})).status_code == 404
    assert (await erin.post(stream, json={"content": QUESTION})).status_code == 200
    refused = [
        await post(erin, talk),
        await erin.post("/api/coach/query", json={"query": QUESTION}),
        await erin.post(stream, json={"content": QUESTION}),
    ]
    for response in refused:
        assert (response.status_code, slug(response)) == (429, "too-many-requests")
        assert 3500 < int(response.headers["Retry-After"]) <= 3600
    assert (await post(erin, talk, **key)).status_code == 201
    other = await sign_in("other@example.org")
    assert (await other.post("/api/coach/query", json={"query": QUESTION})).status_code == 200
    messages = (await erin.get(f"/api/conversations/{talk}/messages")).json()["items"]
    assert len(messages) == 4


async def test_a_question_that_is_refused_otherwise_does_not_count(erin: httpx.AsyncClient, sign_in: SignIn) -> None:
    theirs = await make(await sign_in("other@example.org"))
    for _ in range(LIMIT + 1):
        assert (await post(erin, theirs)).status_code == 404
    assert (await post(erin, await make(erin))).status_code == 201
