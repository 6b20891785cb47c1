"""The reason of a failed request tells an operator whether the model is away or slow."""

import time
from collections.abc import AsyncIterator, Callable

import pytest

from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.errors import ModelError
from tests.live import free_port
from tests.tools.model_server import Hang, HangUp, ModelServer, Reply

Connect = Callable[[str], ModelClient]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    clients: list[ModelClient] = []

    def connect(url: str) -> ModelClient:
        clients.append(ModelClient(base_url=url, key="sk-test", name="some-model", timeout=0.5, prices={}))
        return clients[-1]

    yield connect
    for client in clients:
        await client.close()


async def failure(client: ModelClient) -> str:
    with pytest.raises(ModelError) as failed:
        async for _ in client.stream_text([{"role": "user", "content": "x"}] * 2, time.monotonic() + 30):
            pass
    return failed.value.label


async def test_a_service_that_refuses_connections_is_away(connect: Connect) -> None:
    assert await failure(connect(f"http://127.0.0.1:{free_port()}/v1")) == "connection"


async def test_a_service_that_hangs_up_is_away(connect: Connect, model_server: ModelServer) -> None:
    model_server.otherwise = HangUp()
    assert await failure(connect(model_server.url)) == "connection"


@pytest.mark.parametrize("reply", [Hang(), Hang(head=True)], ids=["before the head", "after the head"])
async def test_a_service_that_says_nothing_is_slow(connect: Connect, model_server: ModelServer, reply: Reply) -> None:
    model_server.otherwise = reply
    assert await failure(connect(model_server.url)) == "timeout"
