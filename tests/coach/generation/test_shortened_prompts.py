"""A prompt that the service refuses as too long is sent again, shorter: history is left out first, then passages."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from plccoach_api import problems
from plccoach_api.coach.answer import AnswerRequest, Turn, final_answer
from plccoach_api.coach.generation.model_answerer import ModelAnswerer
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.context import prompt_tokens
from plccoach_api.rules.messages import MessageRole
from tests.coach.passages import passage
from tests.tools.model_server import Fail, ModelServer, Raw, Received, Reply, Say

CONTENT = "Trust grows through small promises [1]."
PASSAGES = tuple(passage("Trust grows through small promises. " * 60) for _ in range(7))
HISTORY = tuple(Turn(MessageRole.user, "What is a norm? " * 100) for _ in range(4))


@pytest.fixture
async def client(model_server: ModelServer) -> AsyncIterator[ModelClient]:
    client = ModelClient(base_url=model_server.url, key=None, name="m", timeout=1.0, prices={}, max_tokens=500)
    yield client
    await client.close()


@pytest.fixture
def answerer(client: ModelClient) -> ModelAnswerer:
    return ModelAnswerer(client, CircuitBreaker(), retry_pauses=())


def make_request(history: Sequence[Turn] = HISTORY) -> AnswerRequest:
    return AnswerRequest(text="How does trust grow?", passages=PASSAGES, history=tuple(history))


def error(message: str, **fields: Any) -> str:
    return json.dumps({"error": {"message": message, **fields}})


def reads_at_most(
    tokens: int, refusal: Reply | None = None, answer: Reply | None = None
) -> Callable[[Received], Reply]:
    """A service that refuses a longer prompt."""
    refusal = refusal or Fail(400, body=error("the prompt is longer than the context length"))

    def reply(request: Received) -> Reply:
        return refusal if prompt_tokens(request.messages) > tokens else answer or Say([CONTENT])

    return reply


def lengths(model_server: ModelServer) -> list[int]:
    return [prompt_tokens(request.messages) for request in model_server.chats]


REFUSALS = {
    "llama.cpp": Fail(
        400,
        body=json.dumps(
            {
                "error": {
                    "code": 400,
                    "message": "the request exceeds the available context size, try increasing it",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 5012,
                    "n_ctx": 4096,
                }
            }
        ),
    ),
    "vLLM": Fail(
        400,
        body=error(
            "This model's maximum context length is 2000 tokens. However, you requested 4500 tokens (4000 in the "
            "messages, 500 in the completion). Please reduce the length of the messages or completion."
        ),
    ),
    "vLLM, another version": Fail(
        400,
        body=error(
            "'max_tokens' or 'max_completion_tokens' is too large: 500. This model's maximum context length is 2000 "
            "tokens and your request has 1900 input tokens (500 > 2000 - 1900).",
            param="max_tokens",
        ),
    ),
    "TGI": Fail(
        422,
        body=json.dumps(
            {
                "error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2000. "
                "Given: 4000 `inputs` tokens and 500 `max_new_tokens`",
                "error_type": "validation",
            }
        ),
    ),
    "TGI, without a limit of its own": Fail(
        422, body=error("Input validation error: `inputs` must have less than 2000 tokens. Given: 4000")
    ),
    "LiteLLM": Fail(400, body=error("litellm.ContextWindowExceededError: it is too much", code="400")),
    "Azure": Fail(400, body=error("Input tokens exceed the configured limit.", code="context_length_exceeded")),
    "GitHub": Fail(413, body=error("Request body too large. Max size: 2000 tokens.", code="tokens_limit_reached")),
    "Groq": Fail(
        413,
        body=error(
            "Request too large for model `m` on tokens per minute (TPM): Limit 2000, Requested 4000, please reduce "
            "your message size and try again.",
            code="rate_limit_exceeded",
        ),
    ),
    "OpenAI, tokens of a minute": Fail(
        429,
        body=error(
            "Request too large for m on tokens per min (TPM): Limit 2000, Requested 4000. The input or output tokens "
            "must be reduced in order to run successfully.",
            code="rate_limit_exceeded",
        ),
    ),
    "an event": Raw(b'data: {"error": {"code": 400, "message": "prompt is too long: 4000 tokens > 2000 maximum"}}\n\n'),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_a_prompt_that_is_too_long_is_sent_again_shorter(
    answerer: ModelAnswerer, model_server: ModelServer, refusal: Reply
) -> None:
    model_server.otherwise = reads_at_most(2000, refusal)
    assert (await final_answer(answerer.answer(make_request()))).content == CONTENT
    first, *_, last = model_server.chats
    assert first.body["max_tokens"] == last.body["max_tokens"] == 500
    sent = lengths(model_server)
    assert sent == sorted(sent, reverse=True)
    assert sent[-1] > 1000


async def test_history_is_left_out_before_passages(answerer: ModelAnswerer, model_server: ModelServer) -> None:
    model_server.otherwise = reads_at_most(5000)
    await final_answer(answerer.answer(make_request()))
    first, *_, last = model_server.chats
    assert len(last.messages) < len(first.messages)
    assert last.messages[-1]["content"].count("What a PLC Is") == len(PASSAGES)


async def test_the_next_prompt_is_as_short_as_the_service_wants(
    answerer: ModelAnswerer, model_server: ModelServer
) -> None:
    model_server.otherwise = reads_at_most(2000)
    await final_answer(answerer.answer(make_request()))
    before = len(model_server.chats)
    await final_answer(answerer.answer(make_request()))
    assert len(model_server.chats) == before + 1


async def test_a_long_prompt_is_tried_again_when_another_model_answers(
    answerer: ModelAnswerer, model_server: ModelServer
) -> None:
    def named(model: str) -> Raw:
        event = {"model": model, "choices": [{"delta": {"content": CONTENT}, "finish_reason": "stop"}]}
        return Raw(f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode())

    model_server.otherwise = reads_at_most(2000, answer=named("small"))
    await final_answer(answerer.answer(make_request()))
    model_server.otherwise = named("large")
    await final_answer(answerer.answer(make_request()))
    await final_answer(answerer.answer(make_request()))
    first, *_, last = lengths(model_server)
    assert last == first


async def test_the_limit_of_the_answer_is_lowered_first_when_it_takes_most_of_the_context(
    model_server: ModelServer,
) -> None:
    def reply(request: Received) -> Reply:
        limit = request.body.get("max_tokens", request.body.get("max_completion_tokens", 0))
        if prompt_tokens(request.messages) + limit <= 8192:
            return Say([CONTENT])
        return Fail(400, body=error(f"maximum context length is 8192 tokens ({limit} in the completion)"))

    model_server.otherwise = reply
    client = ModelClient(base_url=model_server.url, key=None, name="m", timeout=1.0, prices={}, max_tokens=8000)
    answerer = ModelAnswerer(client, CircuitBreaker(), retry_pauses=())
    assert (await final_answer(answerer.answer(make_request()))).content == CONTENT
    assert len(set(lengths(model_server))) == 1
    await client.close()


async def test_a_service_that_refuses_even_the_shortest_prompt_fails_and_closes_nothing(
    client: ModelClient, model_server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    breaker = CircuitBreaker()
    model_server.otherwise = reads_at_most(0)
    for _ in range(6):
        with pytest.raises(problems.CoachUnavailable):
            await final_answer(ModelAnswerer(client, breaker, retry_pauses=()).answer(make_request()))
    assert breaker.admit()
    sent = lengths(model_server)
    assert len(sent) < 20
    assert "the prompt exceeds the context of the model" in capsys.readouterr().out


async def test_too_many_requests_are_no_long_prompt(answerer: ModelAnswerer, model_server: ModelServer) -> None:
    model_server.otherwise = Fail(429, body=error("Rate limit reached: too many tokens per minute, a token limit"))
    with pytest.raises(problems.CoachUnavailable):
        await final_answer(answerer.answer(make_request()))
    assert len(model_server.chats) == 1
