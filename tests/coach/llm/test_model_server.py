"""The scripted model server speaks the wire format: the official SDK accepts its replies."""

import subprocess
import sys
from collections.abc import AsyncIterator

import openai
import pytest

from tests.live import environment
from tests.tools.model_server import Fail, ModelServer, Say


@pytest.fixture
async def sdk(model_server: ModelServer) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=model_server.url, api_key="none", max_retries=0, timeout=5) as client:
        yield client


async def test_a_stream_has_its_deltas_its_finish_and_its_usage(
    sdk: openai.AsyncOpenAI, model_server: ModelServer
) -> None:
    model_server.say(Say(["Hel", "lo"], usage=(3, 2)))
    stream = await sdk.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "Hi"}], stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    assert [chunk.choices[0].delta.content for chunk in chunks if chunk.choices] == ["Hel", "lo", None]
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (3, 2)
    assert model_server.chats[0].messages == [{"role": "user", "content": "Hi"}]


async def test_a_request_without_streaming_gets_the_complete_text(
    sdk: openai.AsyncOpenAI, model_server: ModelServer
) -> None:
    model_server.say(Say(['{"a":', " 1}"]))
    completion = await sdk.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])
    assert completion.choices[0].message.content == '{"a": 1}'


async def test_equal_texts_have_equal_embeddings(sdk: openai.AsyncOpenAI, model_server: ModelServer) -> None:
    answer = await sdk.embeddings.create(model="e", input=["a", "b", "a"], dimensions=16, encoding_format="float")
    one, other, again = (item.embedding for item in answer.data)
    assert one == again != other
    assert len(one) == 16
    assert sum(value * value for value in one) == pytest.approx(1)
    model_server.embeddings = Fail(429)
    with pytest.raises(openai.RateLimitError):
        await sdk.embeddings.create(model="e", input="a")


def test_as_a_program_it_prints_its_address() -> None:
    command = [sys.executable, "-m", "tests.tools.bench.streams.model", "--deltas", "7", "--interval", "0.01"]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        with openai.OpenAI(base_url=process.stdout.readline().strip(), api_key="none", max_retries=0) as client:
            stream = client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "Hi"}], stream=True
            )
            deltas = [chunk.choices[0].delta.content for chunk in stream]
        assert len(deltas) == 8
        assert "[1]" in "".join(delta or "" for delta in deltas)
    finally:
        process.terminate()
        process.wait(5)
        if process.stdout is not None:
            process.stdout.close()
