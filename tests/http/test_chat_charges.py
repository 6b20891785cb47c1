"""A question of a program costs as much as any other question, also when its reader leaves."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from threading import Event
from uuid import UUID

import httpx
import psycopg
import pytest
from litestar import Litestar

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs.completion_stream import CompletionWriter
from plccoach_api.coach.runs.unstored import UnstoredQuestion
from tests.conftest import GENEROUS
from tests.http.asking import QUESTION
from tests.http.conftest import SignIn, client_of
from tests.http.test_chat import ask, chunks_of, error_of, said
from tests.http.tokens import bearer, create
from tests.tools.model_server import ModelServer, Received, Reply, Say
from tests.waiting import until

Client = httpx.AsyncClient
PRICES = '{"gpt-4o": {"input": 5, "output": 5}}'


@pytest.fixture
async def paid_app(database_url: str, model_server: ModelServer) -> AsyncIterator[Litestar]:
    """A replica whose model costs money."""
    configured = {
        "DATABASE_URL": database_url,
        "COACH_COST_CEILING": "0.01",
        "ANSWERER": "openai",
        "OPENAI_BASE_URL": model_server.url,
        "MODEL_PRICES": PRICES,
    }
    model_server.otherwise = lambda request: Say(["Teams ", "meet. [1]"] if request.body.get("stream") else ["{}"])
    app = create_app(settings.load(configured | GENEROUS, None))
    async with app.lifespan():
        yield app


@pytest.fixture
async def script(paid_app: Litestar, sign_in: SignIn, database_url: str) -> AsyncIterator[Client]:
    """A program of a person with an organization."""
    erin = await sign_in("erin@example.org")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO organizations (id, name, provider, external_id, created_at) "
            "VALUES (gen_random_uuid(), 'A district', 'google', 'x', now())"
        )
        connection.execute("UPDATE users SET organization_id = (SELECT id FROM organizations)")
    async with client_of(paid_app, headers=bearer(await create(erin))) as service:
        yield service


def hold(model_server: ModelServer) -> Event:
    """Makes the model wait for an event."""
    released, reply_to = Event(), model_server.otherwise
    assert callable(reply_to)

    def reply_later(request: Received) -> Reply:
        assert released.wait(20)
        return reply_to(request)

    model_server.otherwise = reply_later
    return released


def spent(database_url: str) -> Decimal:
    with psycopg.connect(database_url) as connection:
        [cost] = connection.execute("SELECT coalesce(sum(cost_usd), 0) FROM spending").fetchone() or (Decimal(-1),)
    return Decimal(cost)


async def test_an_answer_is_charged_and_its_tokens_are_told(script: Client, database_url: str) -> None:
    usage = (await ask(script)).json()["usage"]
    assert usage["prompt_tokens"] > 0
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert spent(database_url) == Decimal(5) * usage["total_tokens"] / 1_000_000


async def test_the_ceiling_of_the_organization_holds(script: Client) -> None:
    first = chunks_of(await ask(script, stream=True, stream_options={"include_usage": True}))
    assert first[-1]["usage"]["total_tokens"] > 0
    for response in (await ask(script), await ask(script, stream=True)):
        assert error_of(response) == (429, "insufficient_quota", "insufficient_quota", None)
        assert int(response.headers["Retry-After"]) > 0


async def test_a_reader_who_leaves_is_charged(script: Client, database_url: str, model_server: ModelServer) -> None:
    reader_has_left = hold(model_server)
    asking = asyncio.create_task(
        script.post("/v1/chat/completions", json={"model": "plc-coach", "messages": said(QUESTION)})
    )
    await until(lambda: len(model_server.chats) >= 1)
    asking.cancel()
    await asyncio.wait({asking})
    assert spent(database_url) == 0
    reader_has_left.set()
    await until(lambda: spent(database_url) > 0)


async def test_a_reader_who_leaves_a_stream_is_charged(
    paid_app: Litestar, script: Client, database_url: str, model_server: ModelServer
) -> None:
    reader_has_left = hold(model_server)
    coach: Coach = paid_app.state.coach
    user_id = UUID((await script.get("/auth/me")).json()["id"])
    live = await coach.answer_unstored(UnstoredQuestion(user_id, QUESTION, []))
    events = coach.stream_unstored(live, CompletionWriter("chatcmpl-1", 0, "http://localhost", include_usage=False))
    assert b'"role":"assistant"' in await anext(events)
    await events.aclose()
    assert spent(database_url) == 0
    reader_has_left.set()
    await until(lambda: spent(database_url) > 0)
