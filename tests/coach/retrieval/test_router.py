"""Routing with a model whose reply may be anything, and without a model."""

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
from plccoach_api.rules.questions.replies import ENGLISH
from plccoach_api.rules.questions.routing import Routing
from tests.coach.llm.test_circuit_breaker import Clock
from tests.coach.retrieval.routing_questions import HELD_OUT
from tests.tools.model_server import Fail, Hang, HangUp, ModelServer, Raw, Reply, Say

QUESTION = "How do we write a rubric?"
LOCAL_ROUTING = Routing(Domain.assessment)
GOOD: dict[str, Any] = {
    "primary_domain": "leadership",
    "secondary_domains": ["curriculum", "assessment"],
    "needs_clarification": False,
    "clarification_question": None,
    "search_query": None,
}
HISTORY = (
    Turn(MessageRole.user, "How long should a student stay in tier 2?"),
    Turn(MessageRole.assistant, "Until the skill is learned [1]."),
)


def reply(**changes: Any) -> Say:
    return Say([json.dumps(GOOD | changes)], usage=(500, 20))


@pytest.fixture
def breaker() -> CircuitBreaker:
    return CircuitBreaker()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def router(model_server: ModelServer, breaker: CircuitBreaker, clock: Clock) -> AsyncIterator[Router]:
    client = ModelClient(base_url=model_server.url, key=None, name="gpt-4o", timeout=1.0, prices=KNOWN_PRICES)
    yield Router(model_router=ModelRouter(client, breaker, clock))
    await client.close()


async def ask(
    router: Router, question: str = QUESTION, history: Sequence[Turn] = (), context: str = ""
) -> RoutedQuestion:
    return await router.route(question, history, monotonic() + 40, context=context)


async def test_the_model_routes_a_question(router: Router, model_server: ModelServer) -> None:
    model_server.say(reply())
    routed = await ask(router)
    assert routed.routing.domains == (Domain.leadership, Domain.curriculum, Domain.assessment)
    assert routed.usage == Usage(500, 20, Decimal("0.00145"))
    assert routed.text == QUESTION


async def test_the_model_is_asked_for_a_strict_schema_without_streaming(
    router: Router, model_server: ModelServer
) -> None:
    model_server.say(reply())
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


async def test_a_follow_up_is_routed_with_the_conversation_before_it(router: Router, model_server: ModelServer) -> None:
    model_server.say(reply())
    routed = await ask(router, "And why?", HISTORY, HISTORY[0].content)
    contents = [message["content"] for message in model_server.chats[0].messages]
    assert contents[1:] == [HISTORY[0].content, "Until the skill is learned.", "Question to sort:\nAnd why?"]
    assert routed.text == "How long should a student stay in tier 2? And why?"


async def test_the_search_uses_the_query_of_the_model(router: Router, model_server: ModelServer) -> None:
    model_server.otherwise = reply(search_query=" How long does tier 2 last? ")
    assert (await ask(router, "¿Y cuánto dura?", HISTORY)).text == "How long does tier 2 last?"
    assert (await ask(router, "¿Y cuánto dura?", HISTORY)).text == "How long does tier 2 last?"
    assert len(model_server.chats) == 1


@pytest.mark.parametrize(
    "query",
    [None, "", " ", "?!", 7, ["rubric"], "a\nb", "x" * 501, "\u202e rubric", INSTRUCTIONS[:120].replace("\n", " ")],
    ids=repr,
)
async def test_the_search_uses_the_question_when_the_query_of_the_model_is_unusable(
    router: Router, model_server: ModelServer, query: object
) -> None:
    model_server.say(reply(search_query=query))
    routed = await ask(router)
    assert routed.text == QUESTION
    assert routed.routing.primary is Domain.leadership


async def test_a_routing_is_cached_for_the_same_question_in_the_same_conversation(
    router: Router, model_server: ModelServer
) -> None:
    model_server.otherwise = reply()
    first, again = await ask(router), await ask(router)
    assert again.routing == first.routing
    assert again.usage == NO_USAGE
    assert len(model_server.chats) == 1
    await ask(router, QUESTION, HISTORY)
    await ask(router, f"{QUESTION} ")
    assert len(model_server.chats) == 3


async def test_a_vague_question_gets_the_question_of_the_model_back(router: Router, model_server: ModelServer) -> None:
    model_server.say(reply(needs_clarification=True, clarification_question="Which grade do you teach?"))
    assert (await ask(router, "Help")).routing.clarification == "Which grade do you teach?"


UNUSABLE: list[Reply] = [
    reply(primary_domain="') OR 1=1--"),
    reply(primary_domain=None),
    reply(primary_domain="Leadership"),
    reply(secondary_domains=["leadership"]),
    reply(secondary_domains=["curriculum", "curriculum"]),
    reply(secondary_domains=["curriculum", "assessment", "collaboration"]),
    reply(secondary_domains="curriculum"),
    reply(needs_clarification="yes"),
    reply(needs_clarification=True),
    reply(needs_clarification=True, clarification_question=""),
    reply(needs_clarification=True, clarification_question="x" * 300 + "?"),
    reply(needs_clarification=True, clarification_question="Tell me more."),
    reply(needs_clarification=True, clarification_question="Which grade? Which subject?"),
    reply(needs_clarification=True, clarification_question="Which\ngrade?"),
    reply(needs_clarification=True, clarification_question="Will you visit https://evil.example?"),
    reply(needs_clarification=True, clarification_question="Is it [1]?"),
    reply(needs_clarification=True, clarification_question=f"{INSTRUCTIONS[:120]}?".replace("\n", " ")),
    reply(also="this"),
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


@pytest.mark.parametrize("unusable", UNUSABLE, ids=lambda reply: repr(reply)[:60])
async def test_a_question_is_routed_locally_after_an_unusable_reply(
    router: Router, model_server: ModelServer, capsys: pytest.CaptureFixture[str], unusable: Reply
) -> None:
    model_server.say(unusable)
    routed = await ask(router)
    assert routed.routing == LOCAL_ROUTING
    assert len(model_server.chats) == 1
    assert "UPSTREAM SECRET" not in capsys.readouterr().out


async def test_a_local_routing_after_a_failure_of_the_model_is_not_cached(
    router: Router, model_server: ModelServer
) -> None:
    model_server.say(Fail(500), reply())
    assert (await ask(router)).routing == LOCAL_ROUTING
    assert (await ask(router)).routing.primary is Domain.leadership


async def test_the_model_is_not_asked_while_the_circuit_breaker_is_open(
    router: Router, model_server: ModelServer, breaker: CircuitBreaker
) -> None:
    for _ in range(5):
        admission = breaker.admit()
        assert admission
        admission.record_failure()
    assert (await ask(router)).routing == LOCAL_ROUTING
    assert model_server.requests == []


async def miss_the_deadline(router: Router, model_server: ModelServer, times: int) -> None:
    model_server.otherwise = Hang()
    for _ in range(times):
        assert (await router.route(QUESTION, (), monotonic() + 0.05)).routing == LOCAL_ROUTING
    model_server.otherwise = reply()


async def test_a_model_that_misses_three_deadlines_in_a_row_routes_no_question_for_ten_minutes(
    router: Router, model_server: ModelServer, clock: Clock
) -> None:
    await miss_the_deadline(router, model_server, 3)
    assert (await ask(router)).routing == LOCAL_ROUTING
    clock.now += 599
    assert (await ask(router)).routing == LOCAL_ROUTING
    clock.now += 1
    assert (await ask(router)).routing.primary is Domain.leadership
    assert (await ask(router, "And now?")).routing.primary is Domain.leadership


async def test_after_ten_minutes_one_more_deadline_keeps_the_model_from_routing_for_ten_more(
    router: Router, model_server: ModelServer, clock: Clock
) -> None:
    await miss_the_deadline(router, model_server, 3)
    clock.now += 600
    await miss_the_deadline(router, model_server, 1)
    clock.now += 599
    assert (await ask(router)).routing == LOCAL_ROUTING


async def test_the_log_says_once_that_the_model_is_too_slow_to_route(
    router: Router, model_server: ModelServer, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    await miss_the_deadline(router, model_server, 3)
    clock.now += 600
    await miss_the_deadline(router, model_server, 1)
    assert capsys.readouterr().out.count("the model is too slow to route questions") == 1


async def test_a_routing_in_time_resets_the_count_of_missed_deadlines(
    router: Router, model_server: ModelServer
) -> None:
    await miss_the_deadline(router, model_server, 2)
    await ask(router, "And then?")
    await miss_the_deadline(router, model_server, 2)
    assert (await ask(router)).routing.primary is Domain.leadership


async def test_questions_that_wait_at_the_same_time_miss_one_deadline(
    router: Router, model_server: ModelServer
) -> None:
    model_server.otherwise = Hang()
    together = [router.route(f"{QUESTION} {place}", (), monotonic() + 0.05) for place in range(4)]
    await asyncio.gather(*together)
    model_server.otherwise = reply()
    assert (await ask(router)).routing.primary is Domain.leadership


async def test_failures_other_than_a_missed_deadline_do_not_keep_the_model_from_routing(
    router: Router, model_server: ModelServer
) -> None:
    model_server.say(*[Fail(500)] * 4, reply())
    for _ in range(4):
        assert (await ask(router)).routing == LOCAL_ROUTING
    assert (await ask(router)).routing.primary is Domain.leadership


async def test_a_question_that_is_cancelled_while_the_model_is_tried_again_leaves_the_trial_to_the_next(
    router: Router, model_server: ModelServer, clock: Clock
) -> None:
    await miss_the_deadline(router, model_server, 3)
    clock.now += 600
    asked, model_server.otherwise = len(model_server.requests), Hang()
    task = asyncio.create_task(ask(router))
    await asyncio.to_thread(model_server.wait_until, lambda server: len(server.requests) > asked)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    model_server.otherwise = reply()
    assert (await ask(router)).routing.primary is Domain.leadership


async def test_without_a_model_a_question_is_routed_by_its_words() -> None:
    router = Router()
    assert await ask(router) == RoutedQuestion(LOCAL_ROUTING, QUESTION)
    assert (await ask(router, "Help!")).routing.clarification == ENGLISH.clarification


async def test_a_vague_follow_up_is_routed_with_the_question_before_it() -> None:
    routed = await ask(Router(), "Tell me more", HISTORY, HISTORY[0].content)
    assert routed.routing.primary is Domain.student_learning
    assert routed.routing.clarification is None
    assert routed.text == "How long should a student stay in tier 2? Tell me more"


async def test_a_vague_follow_up_to_a_vague_question_is_vague() -> None:
    routed = await ask(Router(), "Tell me more", (Turn(MessageRole.user, "Help"),))
    assert routed.routing.clarification == ENGLISH.clarification


async def test_each_phrase_is_embedded_once_and_each_question_once() -> None:
    embedded: list[str] = []

    async def embed(text: str) -> Sequence[float]:
        embedded.append(text)
        return (1.0, 0.0) if text in {"principal", "Fractions"} else (0.0, 1.0)

    router = Router(embed)
    assert (await ask(router, "How do we help with Fractions?")).routing.primary is Domain.leadership
    before = len(embedded)
    assert embedded.count("principal") == 1
    await ask(router, "Fractions again?")
    assert embedded[before:] == ["Fractions"]


async def test_concurrent_first_questions_embed_the_phrases_once() -> None:
    embedded: list[str] = []

    async def embed(text: str) -> Sequence[float]:
        embedded.append(text)
        await asyncio.sleep(0)
        return (1.0, 0.0)

    router = Router(embed)
    await asyncio.gather(*(ask(router, f"How do we help with Fractions, {word}?") for word in ("Ada", "Ben", "Cem")))
    assert embedded.count("principal") == 1


async def test_without_a_model_nine_of_ten_questions_get_their_domain() -> None:
    router = extractive_engine().router
    labelled = [(question, domain) for domain, questions in HELD_OUT.items() for question in questions]
    right = [domain is (await ask(router, question)).routing.primary for question, domain in labelled]
    assert sum(right) >= 0.9 * len(right)


async def test_without_a_model_a_repeated_question_is_embedded_once() -> None:
    embedded: list[str] = []

    async def embed(text: str) -> Sequence[float]:
        embedded.append(text)
        return await LOCAL.embed_question(text)

    router = Router(embed)
    question = "How many people should be at lunch?"
    first = await ask(router, question)
    texts = len(embedded)
    assert texts > 900
    assert await ask(router, question) == first
    assert len(embedded) == texts
