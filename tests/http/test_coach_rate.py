"""The quotas on questions: an hourly number for each user, and a monthly cost for each organization."""

from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from litestar import Litestar

from plccoach_api import settings
from plccoach_api.app import create_app
from tests.http.asking import QUESTION, make, post, slug
from tests.http.conftest import SignIn, replica
from tests.tools.model_server import ModelServer, Say

LIMIT = 3


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[Litestar]:
    app = create_app(settings.load({"DATABASE_URL": database_url, "COACH_RATE_LIMIT": str(LIMIT)}, None))
    async with app.lifespan():
        yield app


async def test_the_limit_holds_over_all_routes_and_repeated_requests_do_not_count(
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


async def test_a_question_refused_for_another_reason_does_not_count(erin: httpx.AsyncClient, sign_in: SignIn) -> None:
    theirs = await make(await sign_in("other@example.org"))
    for _ in range(LIMIT + 1):
        assert (await post(erin, theirs)).status_code == 404
    assert (await post(erin, await make(erin))).status_code == 201


async def test_an_organization_that_has_reached_its_cost_ceiling_is_refused_and_others_are_not(
    sign_in: SignIn, database_url: str, model_server: ModelServer
) -> None:
    model_server.otherwise = lambda request: Say(["Teams [1]."] if request.body.get("stream") else ["{}"])
    configured = {
        "COACH_COST_CEILING": "0.01",
        "ANSWERER": "openai",
        "OPENAI_BASE_URL": model_server.url,
        "MODEL_PRICES": '{"gpt-4o": {"input": 5, "output": 5}}',
    }
    erin, other = await sign_in("erin@example.org"), await sign_in("other@example.org")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO organizations (id, name, provider, external_id, created_at) "
            "VALUES (gen_random_uuid(), 'A district', 'google', 'x', now())"
        )
        connection.execute(
            "UPDATE users SET organization_id = (SELECT id FROM organizations) WHERE email = 'erin@example.org'"
        )
    async with replica(database_url, configured=configured) as service:
        first = await ask(service, erin)
        assert first.json()["cost_usd"] > 0.01
        refused = await ask(service, erin)
        assert (refused.status_code, slug(refused)) == (429, "cost-ceiling-reached")
        assert 0 < int(refused.headers["Retry-After"]) <= 31 * 86400
        assert (await ask(service, other)).status_code == 200
        assert (await ask(service, other)).status_code == 200


async def ask(service: httpx.AsyncClient, person: httpx.AsyncClient) -> httpx.Response:
    service.cookies = person.cookies
    return await service.post("/api/coach/query", json={"query": QUESTION})
