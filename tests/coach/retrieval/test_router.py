"""Routing with a model that may say anything, and without one."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from time import monotonic
from typing import Any

import pytest

from plccoach_api.coach.answer import Turn
from plccoach_api.coach.engine import extractive_engine
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.retrieval.model_router import INSTRUCTIONS, ModelRouter
from plccoach_api.coach.retrieval.router import RoutedQuestion, Router
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageRole
from plccoach_api.rules.pricing import KNOWN_PRICES, NO_USAGE, Usage
from plccoach_api.rules.routing import CLARIFICATION, Routing
from tests.coach.retrieval.routing_questions import HELD_OUT
from tests.tools.model_server import Fail, Hang, HangUp, ModelServer, Raw, Reply, Say

QUESTION = "How do we write a rubric?"
LOCALLY = Routing(Domain.assessment)
GOOD: dict[str, Any] = {
    "primary_domain": "leadership",
    "secondary_domains": ["curriculum", "assessment"],
    "needs_clarification": False,
    "clarification_question": None,
}
HISTORY = (
    Turn(MessageRole.user, "How long should a student stay in tier 2?"),
    Turn(MessageRole.assistant, "Until the skill is learned [1]."),
)


def saying(**changes: Any) -> Say:
    return Say([json.dumps(GOOD | changes)], usage=(500, 20))


@pytest.fixture
def breaker() -> CircuitBreaker:
    return CircuitBreaker()


@pytest.fixture
async def router(model_server: ModelServer, breaker: CircuitBreaker) -> AsyncIterator[Router]:
    model = ModelClient(base_url=model_server.url, key=None, name="gpt-4o", timeout=1.0, prices=KNOWN_PRICES)
    yield Router(model_router=ModelRouter(model, breaker))
    await model.close()


async def ask(router: Router, question: str = QUESTION, history: Sequence[Turn] = ()) -> RoutedQuestion:
    return await router.route(question, history, monotonic() + 40)


async def test_the_model_decides(router: Router, model_server: ModelServer) -> None:
    model_server.say(saying())
    routed = await ask(router)
    assert routed.routing.domains == (Domain.leadership, Domain.curriculum, Domain.assessment)
    assert routed.usage == Usage(500, 20, Decimal("0.00145"))
    assert routed.text == QUESTION


async def test_it_is_asked_for_a_strict_structure_and_not_streamed(router: Router, model_server: ModelServer) -> None:
    model_server.say(saying())
    await ask(router)
    (request,) = model_server.chats
    assert request.body["temperature"] == 0.1
    assert not request.body.get("stream")
    wanted = request.body["response_format"]
    assert wanted["type"] == "json_schema"
    assert wanted["json_schema"]["strict"] is True
    schema = wanted["json_schema"]["schema"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(schema["properties"]) == list(GOOD)
    assert schema["properties"]["primary_domain"]["enum"] == list(Domain)


async def test_a_follow_up_is_judged_with_its_context(router: Router, model_server: ModelServer) -> None:
    model_server.say(saying())
    routed = await ask(router, "And why?", HISTORY)
    said = [message["content"] for message in model_server.chats[0].messages]
    assert said[1:] == [HISTORY[0].content, "Until the skill is learned.", "Question to sort:\nAnd why?"]
    assert routed.text == "How long should a student stay in tier 2? And why?"


async def test_a_decision_is_kept_for_the_same_question_in_the_same_context(
    router: Router, model_server: ModelServer
) -> None:
    model_server.otherwise = saying()
    first, again = await ask(router), await ask(router)
    assert again.routing == first.routing
    assert again.usage == NO_USAGE
    assert len(model_server.chats) == 1
    await ask(router, QUESTION, HISTORY)
    await ask(router, f"{QUESTION} ")
    assert len(model_server.chats) == 3


async def test_a_vague_question_is_asked_back(router: Router, model_server: ModelServer) -> None:
    model_server.say(saying(needs_clarification=True, clarification_question="Which grade do you teach?"))
    assert (await ask(router, "Help")).routing.clarification == "Which grade do you teach?"


BAD: list[Reply] = [
    saying(primary_domain="') OR 1=1--"),
    saying(primary_domain=None),
    saying(primary_domain="Leadership"),
    saying(secondary_domains=["leadership"]),
    saying(secondary_domains=["curriculum", "curriculum"]),
    saying(secondary_domains=["curriculum", "assessment", "collaboration"]),
    saying(secondary_domains="curriculum"),
    saying(needs_clarification="yes"),
    saying(needs_clarification=True),
    saying(needs_clarification=True, clarification_question=""),
    saying(needs_clarification=True, clarification_question="x" * 300 + "?"),
    saying(needs_clarification=True, clarification_question="Tell me more."),
    saying(needs_clarification=True, clarification_question="Which grade? Which subject?"),
    saying(needs_clarification=True, clarification_question="Which\ngrade?"),
    saying(needs_clarification=True, clarification_question="Will you visit https://evil.example?"),
    saying(needs_clarification=True, clarification_question="Is it [1]?"),
    saying(needs_clarification=True, clarification_question=f"{INSTRUCTIONS[:120]}?".replace("\n", " ")),
    saying(also="this"),
    Say([json.dumps({"primary_domain": "leadership"})]),
    Say(["[]"]),
    Say(["null"]),
    Say(["leadership"]),
    Say([""]),
    Say(['{"primary_domain": "\ud800"}']),
    Fail(400),
    Fail(500),
    HangUp(),
    Hang(),
    Raw(b"<html>UPSTREAM SECRET</html>", content_type="text/html"),
    Raw(b'{"choices": []}', content_type="application/json"),
    Raw(b'{"choices": [{"message": 1}]}', content_type="application/json"),
    Raw(b"x" * (1 << 20), content_type="application/json", repeat=8),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda reply: repr(reply)[:60])
async def test_whatever_does_not_fit_is_decided_locally(
    router: Router, model_server: ModelServer, capsys: pytest.CaptureFixture[str], bad: Reply
) -> None:
    model_server.say(bad)
    routed = await ask(router)
    assert routed.routing == LOCALLY
    assert len(model_server.chats) == 1
    assert "UPSTREAM SECRET" not in capsys.readouterr().out


async def test_what_was_decided_locally_for_want_of_a_model_is_not_kept(
    router: Router, model_server: ModelServer
) -> None:
    model_server.say(Fail(500), saying())
    assert (await ask(router)).routing == LOCALLY
    assert (await ask(router)).routing.primary is Domain.leadership


async def test_while_the_breaker_is_open_the_model_is_left_alone(
    router: Router, model_server: ModelServer, breaker: CircuitBreaker
) -> None:
    for _ in range(5):
        admission = breaker.admit()
        assert admission
        admission.failed()
    assert (await ask(router)).routing == LOCALLY
    assert model_server.requests == []


async def test_without_a_model_a_question_is_routed_by_its_words() -> None:
    router = Router()
    assert await ask(router) == RoutedQuestion(LOCALLY, QUESTION)
    assert (await ask(router, "Help!")).routing.clarification == CLARIFICATION


async def test_a_follow_up_that_says_nothing_itself_is_about_what_was_asked_before() -> None:
    routed = await ask(Router(), "Tell me more", HISTORY)
    assert routed.routing.primary is Domain.student_learning
    assert routed.routing.clarification is None
    assert routed.text == "How long should a student stay in tier 2? Tell me more"


async def test_a_conversation_that_said_nothing_so_far_is_still_vague() -> None:
    routed = await ask(Router(), "Tell me more", (Turn(MessageRole.user, "Help"),))
    assert routed.routing.clarification == CLARIFICATION


async def test_vectors_are_asked_for_once_a_phrase_and_once_a_question() -> None:
    asked: list[str] = []

    async def embed(text: str) -> Sequence[float]:
        asked.append(text)
        return (1.0, 0.0) if text in {"principal", "Fractions"} else (0.0, 1.0)

    router = Router(embed)
    assert (await ask(router, "How do we help with Fractions?")).routing.primary is Domain.leadership
    before = len(asked)
    assert asked.count("principal") == 1
    await ask(router, "Fractions again?")
    assert asked[before:] == ["Fractions"]


async def test_questions_that_come_at_once_have_the_domains_described_once() -> None:
    asked: list[str] = []

    async def embed(text: str) -> Sequence[float]:
        asked.append(text)
        await asyncio.sleep(0)
        return (1.0, 0.0)

    router = Router(embed)
    await asyncio.gather(*(ask(router, f"How do we help with Fractions, {word}?") for word in ("Ada", "Ben", "Cem")))
    assert asked.count("principal") == 1


async def test_without_a_model_nine_questions_of_ten_find_their_domain() -> None:
    router = extractive_engine().router
    asked = [(question, domain) for domain, questions in HELD_OUT.items() for question in questions]
    right = [domain is (await ask(router, question)).routing.primary for question, domain in asked]
    assert sum(right) >= 0.9 * len(right)


async def test_without_a_model_a_question_is_looked_at_once() -> None:
    asked: list[str] = []

    async def embed(text: str) -> Sequence[float]:
        asked.append(text)
        return await LOCAL.embed_question(text)

    router = Router(embed)
    question = "How many people should be at lunch?"
    first = await ask(router, question)
    looked_at = len(asked)
    assert looked_at > 900
    assert await ask(router, question) == first
    assert len(asked) == looked_at
