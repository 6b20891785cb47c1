"""Services say in words of their own what they refuse: a parameter, a content, a length or another."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.llm.refusals import Refused
from plccoach_api.coach.retrieval.model_router import SCHEMA
from plccoach_api.rules.stopped_early import StoppedEarly
from tests.tools.dialects.wire import completion, openai_error, sse, texts
from tests.tools.model_server import Fail, ModelServer, Parts, Received, Reply, Say

PROMPT = [{"role": "system", "content": "x"}, {"role": "user", "content": "x"}]


@pytest.fixture
async def client(model_server: ModelServer) -> AsyncIterator[ModelClient]:
    client = ModelClient(
        base_url=model_server.url, key="sk-test", name="some-model", timeout=1.0, prices={}, reasoning_effort="low"
    )
    yield client
    await client.close()


async def pieces(client: ModelClient) -> list[Any]:
    return [piece async for piece in client.stream_text(PROMPT, time.monotonic() + 10)]


async def failure(client: ModelClient) -> ModelError:
    with pytest.raises(ModelError) as failed:
        await pieces(client)
    return failed.value


def encoded(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def event(body: Any) -> Parts:
    return Parts([f"data: {encoded(body)}\n\n".encode()])


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("max_tokens", {"error": {"code": "1214", "message": "max_tokens参数无效"}}, 400),
        (
            "max_tokens",
            openai_error("It is too long: 90 tokens in the messages, 1000 in the completion", "messages"),
            400,
        ),
        ("reasoning_effort", openai_error('the think value "low" does not fit this model'), 400),
        ("reasoning_effort", openai_error('"low" is unknown to this model', None, "wrong_reasoning_effort"), 400),
        ("reasoning_effort", openai_error('the level "low" does not exist, valid levels: high'), 400),
        ("stream", {"message": "Malformed input: an extraneous key [stream] was found"}, 400),
        ("temperature", "All providers failed: 400 Bad Request: temperature is fixed", 502),
        ("temperature", {"error": {"message": "temperature is fixed", "type": "upstream"}}, 424),
    ],
    ids=[
        "another script",
        "in words",
        "think",
        "in a code",
        "levels",
        "in brackets",
        "gateway in text",
        "failed dependency",
    ],
)
async def test_a_parameter_is_recognised_however_its_service_writes_it(
    client: ModelClient, model_server: ModelServer, name: str, body: Any, status: int
) -> None:
    model_server.otherwise = lambda request: (
        Fail(status, body=encoded(body))
        if name in request.body
        else (Say(["Good."]) if request.body.get("stream") else Parts([completion("Good.")], "application/json"))
    )
    assert "Good." in await pieces(client)
    assert [name in request.body for request in model_server.chats] == [True, False]


@pytest.mark.parametrize(
    "message",
    [
        "enable_thinking has to be false for calls without a stream: non-streaming",
        "enable thinking is impossible when `stream=False`",
        "This model only supports streaming",
        "use stream mode, please enable the stream parameter",
    ],
)
async def test_a_service_that_only_streams_is_asked_for_json_as_a_stream(
    client: ModelClient, model_server: ModelServer, message: str
) -> None:
    def reply(request: Received) -> Reply:
        if not request.body.get("stream"):
            return Fail(400, body=json.dumps(openai_error(message)))
        return Parts([sse(texts(['{"a"', ": 1}"]))])

    model_server.otherwise = reply
    for _ in range(2):
        text, _ = await client.complete_json(PROMPT, SCHEMA, time.monotonic() + 10)
        assert json.loads(text) == {"a": 1}
    assert ["stream" in request.body for request in model_server.chats] == [False, True, True]
    assert all("reasoning_effort" in request.body for request in model_server.chats)


FILTERED = [
    {"error": {"message": "Content exists risk", "type": "invalid_request_error"}},
    {"error": {"message": "bad words", "code": "data_inspection_failed"}},
    {"error": {"message": "<400> Algo.DataInspectionFailed: the text may have inappropriate content"}},
    openai_error("Your prompt was flagged, see https://example.org/guides/reasoning#advice", code="invalid_prompt"),
    {"error": {"code": "1301", "message": "输入可能包含敏感内容"}},
    {"error": {"code": "1301", "message": "The system found unsafe or sensitive content in the input"}},
    {"error": {"message": "It was rejected because it was considered high risk"}},
    {"code": "no permission", "error": "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE"},
    {"error": {"message": "This model has moderation. Your input was flagged for a reason.", "code": 403}},
    {"error": {"message": "The content that you sent is blocked", "type": "censorship"}},
    [{"error": {"code": 400, "message": "Stopped: PROHIBITED_CONTENT", "status": "INVALID_ARGUMENT"}}],
    {"error": {"message": "{'error': 'Violated guardrail policy'}", "code": "400"}},
    {"error": {"message": "the question has sensitive words: [x]", "type": "new_api_error"}},
    {"error": {"message": "litellm.ContentPolicyViolationError: 400", "code": "400"}},
    {"error": {"message": "input new_sensitive (1026)", "type": "bad_request_error"}},
    {"error": {"message": "It cannot be processed.", "code": "moderation_blocked"}},
    {"error": {"message": "It cannot be processed.", "type": "InputTextSensitiveContentDetected.Severe"}},
]


@pytest.mark.parametrize("body", FILTERED, ids=range(len(FILTERED)))
@pytest.mark.parametrize("status", [400, 403, 451, 500, None], ids=lambda status: str(status or "event"))
async def test_a_refused_content_is_told_as_such(
    client: ModelClient, model_server: ModelServer, body: Any, status: int | None
) -> None:
    model_server.otherwise = Fail(status, body=encoded(body)) if status else event(body)
    assert (await pieces(client))[0] is StoppedEarly.content_filter
    assert len(model_server.chats) == 1


TOO_LONG = [
    {"error": "The maximum prompt length of this model is 100 but the request has 200 tokens."},
    [{"error": {"code": 400, "message": "The input token count (200) exceeds the maximum number of tokens (100)."}}],
    openai_error("Range of input length should be [1, 100]"),
    {"error": {"message": "too many tokens: send fewer of them"}},
    {"error": {"message": "all of it", "type": "too_many_prompt_tokens", "code": 400}},
    openai_error("Input is too long for this model."),
    openai_error("Your request exceeded the model's token limit: 100"),
    openai_error("Prompt exceeds max length"),
    openai_error("prompt token count of 200 exceeds the limit of 100"),
    openai_error("Invalid 'messages[0].content': string too long.", "messages[0].content", "string_above_max_length"),
    {"code": 20015, "error": "max_total_tokens (200) must be less than or equal to max_seq_len (100)"},
]


@pytest.mark.parametrize("body", TOO_LONG, ids=range(len(TOO_LONG)))
@pytest.mark.parametrize("status", [400, None], ids=lambda status: str(status or "event"))
async def test_a_prompt_that_is_too_long_is_not_sent_again(
    client: ModelClient, model_server: ModelServer, body: Any, status: int | None
) -> None:
    model_server.otherwise = Fail(status, body=encoded(body)) if status else event(body)
    error = await failure(client)
    assert (error.label, error.retryable) == ("context", False)
    assert len(model_server.chats) == 1


@pytest.mark.parametrize("code", [401, 402, 429, "429"])
async def test_an_error_event_with_the_status_of_another_failure_is_no_refusal_of_a_parameter(
    client: ModelClient, model_server: ModelServer, code: int | str
) -> None:
    model_server.otherwise = event(openai_error("fewer max_tokens or a lower temperature", None, code))  # type: ignore[arg-type]
    error = await failure(client)
    assert error.reason == f"status {code}"
    assert error.retryable is (str(code) == "429")
    assert len(model_server.chats) == 1


@pytest.mark.parametrize(
    "body",
    [
        openai_error("Read https://example.org/temperature#max_tokens"),
        {"error": {"message": "no", "metadata": {"flagged_input": "Which temperature? My content was flagged."}}},
    ],
    ids=["an address", "a quoted question"],
)
async def test_an_address_or_a_quoted_question_names_nothing(
    client: ModelClient, model_server: ModelServer, body: Any
) -> None:
    model_server.otherwise = Fail(400, body=encoded(body))
    assert (await failure(client)).reason == "status 400"
    assert len(model_server.chats) == 1


def test_a_huge_error_is_judged_in_a_moment() -> None:
    body = json.dumps({"error": {str(number): "input " * 2000 for number in range(500)}}).encode()
    started = time.perf_counter()
    assert not Refused(400, body).is_filtered
    assert time.perf_counter() - started < 0.5
