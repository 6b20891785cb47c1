"""The model that `just model` starts, with which a front end is developed."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.http.conftest import SignIn, replica
from tests.tools.front_end_model import reply_to
from tests.tools.model_server import ModelServer

QUESTION = "What are the four critical questions of a PLC?"


@pytest.fixture
async def erin(sign_in: SignIn, database_url: str, model_server: ModelServer) -> AsyncIterator[httpx.AsyncClient]:
    model_server.otherwise = lambda request: reply_to(request, 0)
    configured = {"ANSWERER": "openai", "OPENAI_BASE_URL": model_server.url}
    cookies = (await sign_in("erin@example.org")).cookies
    async with replica(database_url, configured=configured) as service:
        service.cookies = cookies
        yield service


async def ask(person: httpx.AsyncClient, question: str) -> httpx.Response:
    return await person.post("/api/coach/query", json={"query": question})


async def test_its_answer_reaches_the_reader_with_several_citations(erin: httpx.AsyncClient) -> None:
    answer = (await ask(erin, QUESTION)).json()
    assert answer["kind"] == "answer"
    assert len(answer["citations"]) > 2
    assert "\n- " in answer["response"]


async def test_a_question_can_ask_it_to_fail(erin: httpx.AsyncClient) -> None:
    assert (await ask(erin, f"{QUESTION} please fail")).status_code == 503
    assert (await ask(erin, f"{QUESTION} please break")).status_code == 503


async def test_a_question_can_ask_it_to_find_nothing(erin: httpx.AsyncClient) -> None:
    answer = (await ask(erin, f"{QUESTION} please refuse")).json()
    assert (answer["kind"], answer["citations"]) == ("refusal", [])


async def test_a_question_can_ask_it_for_an_answer_that_ends_too_early(erin: httpx.AsyncClient) -> None:
    begun = (await ask(erin, f"{QUESTION} please cut")).json()
    message = (await erin.get(f"/api/messages/{begun['message_id']}")).json()
    assert message["stopped_early"] == "length"
