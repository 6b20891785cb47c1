"""The end and the usage of a response, in the places and words of several services."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.rules.pricing import Usage
from plccoach_api.rules.stopped_early import StoppedEarly
from tests.tools.dialects.wire import USAGE, chunk, sse
from tests.tools.model_server import Fail, ModelServer, Parts, Say


@pytest.fixture
async def client(model_server: ModelServer) -> AsyncIterator[ModelClient]:
    client = ModelClient(base_url=model_server.url, key=None, name="some-model", timeout=1.0, prices={})
    yield client
    await client.close()


async def pieces(client: ModelClient) -> list[Any]:
    prompt = [{"role": "system", "content": "x"}, {"role": "user", "content": "x"}]
    return [piece async for piece in client.stream_text(prompt, time.monotonic() + 10)]


async def test_the_usage_may_be_part_of_a_choice(client: ModelClient, model_server: ModelServer) -> None:
    last = chunk(finish="stop")
    last["choices"][0]["usage"] = USAGE
    model_server.otherwise = Parts([sse([chunk({"content": "Teams [1]."}), last])])
    assert (await pieces(client))[-1] == Usage(1200, 300, None)


@pytest.mark.parametrize("reason", ["length", "MAX_TOKENS", "time_limit", "model_context_window_exceeded"])
async def test_a_limit_is_told_whatever_its_name(client: ModelClient, model_server: ModelServer, reason: str) -> None:
    model_server.otherwise = Parts([sse([chunk({"content": "Teams [1]. "}), chunk(finish=reason)])])
    assert StoppedEarly.length in await pieces(client)


@pytest.mark.parametrize("reason", ["error", "abort", "network_error"])
async def test_a_failure_may_be_a_finish_reason(client: ModelClient, model_server: ModelServer, reason: str) -> None:
    model_server.otherwise = Parts([sse([chunk({"content": "Teams [1]. "}), chunk(finish=reason)])])
    with pytest.raises(ModelError):
        await pieces(client)


async def test_a_complete_response_may_have_an_empty_delta_too(client: ModelClient, model_server: ModelServer) -> None:
    whole = chunk({"role": "assistant", "content": ""}, "stop")
    whole["choices"][0]["message"] = {"role": "assistant", "content": "Teams [1]."}
    model_server.otherwise = Parts([json.dumps(whole).encode()], "application/json")
    assert (await pieces(client))[0] == "Teams [1]."


async def test_a_stream_may_repeat_the_text_so_far_beside_each_delta(
    client: ModelClient, model_server: ModelServer
) -> None:
    events = [chunk({"content": "Teams "}), chunk({"content": "[1]."}), chunk({"content": ""}, "stop")]
    for event, text in zip(events, ("Teams ", "Teams [1].", "Teams [1]."), strict=True):
        event["choices"][0]["message"] = {"content": text}
    model_server.otherwise = Parts([sse(events)])
    assert "".join(piece for piece in await pieces(client) if isinstance(piece, str)) == "Teams [1]."


def text_of(received: list[Any]) -> str:
    return "".join(piece for piece in received if isinstance(piece, str))


@pytest.mark.parametrize(
    "more",
    [
        {"model": {"id": "m"}},
        {"object": ["chunk"]},
        {"error": {"code": 0, "message": ""}},
        {"error": {"code": None, "message": None}},
    ],
    ids=str,
)
async def test_an_odd_value_beside_the_text_does_no_harm(
    client: ModelClient, model_server: ModelServer, more: dict[str, Any]
) -> None:
    model_server.otherwise = Parts([sse([chunk({"content": "Teams [1]."}, "stop", **more)])])
    assert text_of(await pieces(client)) == "Teams [1]."


@pytest.mark.parametrize("refusal", [False, {}])
async def test_a_refusal_is_a_text(client: ModelClient, model_server: ModelServer, refusal: Any) -> None:
    model_server.otherwise = Parts([sse([chunk({"content": "Teams [1].", "refusal": refusal}, "stop")])])
    assert (await pieces(client))[:-1] == ["Teams [1]."]


@pytest.mark.parametrize("reason", [{"type": "stop", "matched": 5}, 0, True, ["stop"]], ids=str)
async def test_a_finish_reason_may_be_no_text(client: ModelClient, model_server: ModelServer, reason: Any) -> None:
    events = [chunk({"content": "Teams [1]."}), chunk(finish=reason)]
    model_server.otherwise = Parts([sse(events)])
    assert (await pieces(client))[:-1] == ["Teams [1]."]


async def test_the_type_of_a_finish_reason_is_read(client: ModelClient, model_server: ModelServer) -> None:
    reason: Any = {"type": "length", "length": 9}
    model_server.otherwise = Parts([sse([chunk({"content": "Teams [1]. "}), chunk(finish=reason)])])
    assert StoppedEarly.length in await pieces(client)


async def test_a_message_after_the_deltas_repeats_them(client: ModelClient, model_server: ModelServer) -> None:
    whole = {"choices": [{"index": 0, "message": {"content": "Teams [1]."}, "finish_reason": "stop"}]}
    model_server.otherwise = Parts([sse([chunk({"content": "Teams "}), chunk({"content": "[1]."}), whole])])
    assert text_of(await pieces(client)) == "Teams [1]."


async def test_bytes_that_are_no_character_are_replaced(client: ModelClient, model_server: ModelServer) -> None:
    stream = sse([chunk({"content": "Teams # [1]."}, "stop")]).replace(b"#", b"\xe2\x82")
    model_server.otherwise = Parts([stream])
    assert text_of(await pieces(client)) == "Teams \ufffd [1]."


async def test_an_end_without_a_finish_reason_breaks_off_the_response_of_a_service_that_has_given_one(
    client: ModelClient, model_server: ModelServer
) -> None:
    model_server.say(Say(["Teams [1]."], finish=None), Say(["Teams [1]."]), Say(["Teams [1]. And"], finish=None))
    assert (await pieces(client))[0] == "Teams [1]."
    await pieces(client)
    with pytest.raises(ModelError, match="the response was incomplete"):
        await pieces(client)


async def test_another_model_of_the_service_may_give_no_finish_reason(
    client: ModelClient, model_server: ModelServer
) -> None:
    other = Parts([sse([chunk({"content": "Teams [1]."}, model="other")])])
    model_server.say(Say(["Teams [1]."]), other)
    await pieces(client)
    assert text_of(await pieces(client)) == "Teams [1]."


async def test_a_complete_response_needs_no_finish_reason(client: ModelClient, model_server: ModelServer) -> None:
    whole = json.dumps({"choices": [{"index": 0, "message": {"content": "Teams [1]."}}]})
    model_server.say(Say(["Teams [1]."]), Parts([whole.encode()], "application/json"))
    await pieces(client)
    assert (await pieces(client))[0] == "Teams [1]."


async def test_a_filtered_prompt_gives_no_finish_reason(client: ModelClient, model_server: ModelServer) -> None:
    error = {"error": {"code": "content_filter", "message": "The response was filtered"}}
    model_server.say(Fail(400, body=json.dumps(error)), Say(["Teams [1]."], finish=None))
    assert StoppedEarly.content_filter in await pieces(client)
    assert (await pieces(client))[0] == "Teams [1]."
