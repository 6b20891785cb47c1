"""A refused origin is logged with its name and the setting to change, and nobody can fill the log with origins."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from plccoach_api.middleware.refused_origins import RefusedOrigins
from tests.conftest import ORIGIN


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


def origins(lines: list[Any]) -> list[str]:
    return [line["origin"] for line in lines if line["event"] == "origin refused"]


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_a_page_that_may_not_read_a_response_is_logged_with_the_setting(
    client: httpx.AsyncClient, lines: list[Any], method: str
) -> None:
    origin = f"https://{uuid4().hex}.example"
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for _ in range(3):
        await client.request(method, "/auth/logout", headers=asked)
    [line] = [line for line in lines if line["event"] == "origin refused"]
    assert (line["origin"], line["setting"], line["log_level"]) == (origin, "CORS_ORIGINS", "warning")


@pytest.mark.parametrize("origin", [ORIGIN, "http://localhost:8000"])
async def test_a_page_of_an_allowed_origin_or_of_this_service_is_not_logged(
    client: httpx.AsyncClient, lines: list[Any], origin: str
) -> None:
    await client.post("/auth/logout", headers={"Origin": origin})
    assert origins(lines) == []


def test_an_origin_is_logged_again_after_a_minute(lines: list[Any]) -> None:
    now = [0.0]
    refused = RefusedOrigins(lambda: now[0])
    for now[0] in (0.0, 59.9, 60.0, 60.1):
        refused.report(b"https://a.example")
    assert origins(lines) == ["https://a.example"] * 2


def test_a_flood_of_origins_fills_neither_the_log_nor_the_memory(lines: list[Any]) -> None:
    now = [0.0]
    refused = RefusedOrigins(lambda: now[0])
    for number in range(1000):
        refused.report(b"https://%d.example" % number)
    assert len(origins(lines)) == 100
    now[0] = 60.0
    refused.report(b"https://later.example")
    assert origins(lines)[100:] == ["https://later.example"]


def test_a_hostile_origin_is_cut_and_escaped(lines: list[Any]) -> None:
    refused = RefusedOrigins()
    refused.report(b"https://\x1b[31m\n\xff" + b"x" * 10_000)
    [name] = origins(lines)
    assert name.startswith(r"https://\x1b[31m\n\xff")
    assert len(name) < 250
