"""Requests are adapted to what the errors of a service name, and the process remembers what it learnt."""

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from plccoach_api import problems
from plccoach_api.coach.answer import Answer, AnswerRequest, final_answer
from plccoach_api.coach.generation.model_answerer import ModelAnswerer
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.dialect import Dialect
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.retrieval.model_router import SCHEMA
from tests.coach.passages import PASSAGES
from tests.tools.dialects.wire import chunk, openai_error, sse
from tests.tools.model_server import Fail, ModelServer, Parts, Received, Reply, Say

GOOD = Say(["Trust grows through small promises [1]."])


@pytest.fixture
async def client(model_server: ModelServer) -> AsyncIterator[ModelClient]:
    client = ModelClient(
        base_url=model_server.url, key="sk-test", name="some-model", timeout=1.0, prices={}, reasoning_effort="low"
    )
    yield client
    await client.close()


async def ask(client: ModelClient) -> Answer:
    """Asks without a retry, so that only adaptations send another request."""
    answerer = ModelAnswerer(client, CircuitBreaker(), retry_pauses=())
    return await final_answer(answerer.answer(AnswerRequest(text="How does trust grow?", passages=PASSAGES)))


def refusing(*names: str, message: str = "Unknown parameter: '{}'") -> Callable[[Received], Reply]:
    def reply(request: Received) -> Reply:
        for name in names:
            if name in request.body:
                return Fail(400, body=json.dumps(openai_error(message.format(name))))
        return GOOD

    return reply


def parameters(server: ModelServer) -> list[set[str]]:
    return [set(request.body) - {"model", "messages", "stream"} for request in server.chats]


async def test_a_parameter_that_an_error_names_is_replaced_without_a_retry(
    client: ModelClient, model_server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    model_server.otherwise = refusing("max_tokens", "temperature", "stream_options", "reasoning_effort")
    assert (await ask(client)).content == GOOD.deltas[0]
    assert parameters(model_server)[-1] == {"max_completion_tokens"}
    assert len(model_server.chats) == 5
    logged = capsys.readouterr().out
    assert "adapted to the model's service" in logged
    assert "model request failed" not in logged


async def test_the_process_remembers_what_it_learnt(client: ModelClient, model_server: ModelServer) -> None:
    model_server.otherwise = refusing("max_tokens", "stream_options")
    await ask(client)
    model_server.requests.clear()
    await ask(client)
    assert parameters(model_server) == [{"max_completion_tokens", "temperature", "reasoning_effort"}]


async def test_a_refused_form_is_tried_again_when_the_service_refuses_the_other_one(
    client: ModelClient, model_server: ModelServer
) -> None:
    model_server.otherwise = refusing("max_tokens")
    await ask(client)
    model_server.otherwise = refusing("max_completion_tokens")
    model_server.requests.clear()
    for _ in range(2):
        assert (await ask(client)).content == GOOD.deltas[0]
    assert "max_tokens" in parameters(model_server)[-1]
    assert len(model_server.chats) == 3


async def test_all_forms_are_tried_anew_when_an_adapted_request_is_refused_without_a_name(
    client: ModelClient, model_server: ModelServer
) -> None:
    model_server.otherwise = refusing("stream_options")
    await ask(client)
    model_server.otherwise = lambda request: GOOD if "stream_options" in request.body else Fail(400)
    model_server.requests.clear()
    assert (await ask(client)).content == GOOD.deltas[0]
    assert ["stream_options" in names for names in parameters(model_server)] == [False, True]


async def test_all_forms_are_tried_anew_when_another_model_answers(
    client: ModelClient, model_server: ModelServer
) -> None:
    def answers(model: str) -> Parts:
        text = chunk({"content": GOOD.deltas[0]}, "stop") | {"model": model}
        return Parts([sse([text])])

    model_server.say(Fail(400, body=json.dumps(openai_error("temperature is not supported"))))
    for model in ("old", "new", "new", "old"):
        model_server.say(answers(model))
        await ask(client)
    # The first request was refused. A model that answered before changes nothing.
    assert ["temperature" in names for names in parameters(model_server)] == [True, False, False, True, True]


async def test_an_adaptation_that_did_not_help_is_not_remembered(
    client: ModelClient, model_server: ModelServer
) -> None:
    named = Fail(400, body=json.dumps(openai_error("The temperature of this discussion is too high")))
    model_server.say(named, Fail(400), GOOD)
    with pytest.raises(problems.CoachUnavailable):
        await ask(client)
    await ask(client)
    assert ["temperature" in names for names in parameters(model_server)] == [True, False, True]


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large: 1000. This model supports at most 512 completion tokens.",
        "Range of max_tokens should be [1, 512]",
        "The maximum tokens that you requested exceed the limit of the model, 512",
        "Requests with max_tokens > 512 need something else",
    ],
)
async def test_a_limit_that_the_service_names_is_kept(
    client: ModelClient, model_server: ModelServer, message: str
) -> None:
    def limited(request: Received) -> Reply:
        if request.body["max_tokens"] > 512:
            return Fail(400, body=json.dumps(openai_error(message, "max_tokens", "invalid_value")))
        return GOOD

    model_server.otherwise = limited
    await ask(client)
    await ask(client)
    assert [request.body["max_tokens"] for request in model_server.chats] == [1000, 512, 512]


async def test_a_service_that_refuses_everything_is_asked_a_bounded_number_of_times(
    client: ModelClient, model_server: ModelServer
) -> None:
    everything = "max_tokens temperature stream_options reasoning_effort 'stream' system role"
    model_server.otherwise = Fail(400, body=json.dumps(openai_error(everything)))
    with pytest.raises(ModelError):
        async for _ in client.stream_text([{"role": "system", "content": "x"}] * 2, time.monotonic() + 10):
            pass
    assert len(model_server.chats) <= 12


@pytest.mark.parametrize(
    "body",
    [
        "Bad Request",
        json.dumps({"detail": [{"loc": ["body", "messages", 0], "input": "stream_options temperature max_tokens"}]}),
        "[" * 100_000,
        json.dumps({"error": {"message": None}}),
        "\x00\xff",
        "",
    ],
    ids=["text", "quoted question", "deep", "no message", "binary", "empty"],
)
async def test_an_error_that_names_no_parameter_is_not_adapted_to(
    client: ModelClient, model_server: ModelServer, body: str
) -> None:
    model_server.otherwise = Fail(400, body=body)
    with pytest.raises(ModelError):
        async for _ in client.stream_text([{"role": "user", "content": "x"}] * 2, time.monotonic() + 10):
            pass
    assert len(model_server.chats) == 1


async def test_without_a_json_format_the_schema_is_in_the_prompt(
    client: ModelClient, model_server: ModelServer
) -> None:
    model_server.otherwise = lambda request: (
        Fail(400, body='{"error": "\'response_format.type\' is unknown"}')
        if "response_format" in request.body
        else Say(['```json\n{"a": 1}\n```'])
    )
    prompt = [{"role": "system", "content": "Sort."}, {"role": "user", "content": "x"}]
    text, _ = await client.complete_json(prompt, SCHEMA, time.monotonic() + 10)
    assert json.loads(text) == {"a": 1}
    assert json.dumps(SCHEMA["schema"]) in model_server.chats[-1].system
    assert len(model_server.chats) == 3


def test_requests_that_learn_at_the_same_time_keep_what_the_others_learnt() -> None:
    dialect = Dialect()
    request: dict[str, Any] = {"messages": [], "max_tokens": 9, "temperature": 0.3}
    first, second = dialect.adaptation(), dialect.adaptation()
    for adaptation, name in ((first, "max_tokens"), (second, "temperature")):
        assert adaptation.adapt(adaptation.apply(request), 400, json.dumps(openai_error("no", name)).encode())
    dialect.remember(first)
    dialect.remember(second)
    assert dialect.adaptation().apply(request) == {"messages": [], "max_completion_tokens": 9}
