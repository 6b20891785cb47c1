"""docs/connect.md: the command of MCP Inspector works as written."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.blocks import blocks_of
from tests.live import Service

COMMAND = blocks_of(Path(__file__).parents[2] / "docs" / "connect.md")["sh inspector"]


@pytest.fixture
def service(start: Callable[..., Service], live_database_url: str) -> Service:
    started = start(DATABASE_URL=live_database_url, MCP="true")
    started.wait_for()
    return started


def run(command: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("npx"):
        pytest.fail("npx is missing: this test needs Node.js 20 or newer, with npm")
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=240, check=False)


def test_the_inspector_calls_the_coach_and_without_a_valid_token_it_does_not(service: Service) -> None:
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "inspector@example.org"})
        token = client.post("/auth/tokens", json={"name": "MCP Inspector"}).json()["token"]
    command = COMMAND.replace("http://localhost:8000", service.url)
    called = run(command.replace("plc_…", token))
    assert called.returncode == 0, called.stderr
    result = json.loads(called.stdout[called.stdout.index("{") :])
    assert result["structuredContent"]["kind"] == "answer"
    assert result["content"][0]["text"] == result["structuredContent"]["answer"]
    refused = run(command.replace("plc_…", "plc_nonsense"))
    assert refused.returncode != 0
    assert "401" in refused.stderr + refused.stdout
