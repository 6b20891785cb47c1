"""docs/connect.md: an assistant that only starts programs calls the coach through mcp-remote, as written."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.blocks import blocks_of
from tests.http.asking import QUESTION
from tests.live import Service

ENTRY = blocks_of(Path(__file__).parents[2] / "docs" / "connect.md")["json mcp-remote"]
CLIENT = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "an assistant", "version": "1"},
}


@pytest.fixture
def service(start: Callable[..., Service], live_database_url: str) -> Service:
    started = start(DATABASE_URL=live_database_url, MCP="true")
    started.wait_for()
    return started


class Assistant:
    """Speaks JSON-RPC to a program over its standard input and output."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.program = program

    def send(self, method: str, **fields: Any) -> None:
        assert self.program.stdin
        self.program.stdin.write(json.dumps({"jsonrpc": "2.0", "method": method, **fields}) + "\n")
        self.program.stdin.flush()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        assert self.program.stdout
        self.send(method, id=1, params=params)
        message: dict[str, Any] = json.loads(self.program.stdout.readline())
        result: dict[str, Any] = message["result"]
        return result


def test_an_assistant_that_only_starts_programs_asks_the_coach_through_mcp_remote(
    service: Service, tmp_path: Path
) -> None:
    if not shutil.which("npx"):
        pytest.fail("npx is missing: this test needs Node.js 20 or newer, with npm")
    token = service.token_of("remote@example.org")
    written = ENTRY.replace("http://localhost:8000", service.url).replace("plc_…", token)
    entry = json.loads(written)["mcpServers"]["plc-coach"]
    with subprocess.Popen(
        [entry["command"], *entry["args"]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"MCP_REMOTE_CONFIG_DIR": str(tmp_path), "npm_config_prefer_offline": "true"},
        start_new_session=True,
    ) as program:
        assistant = Assistant(program)
        assert assistant.call("initialize", **CLIENT)["serverInfo"]["name"] == "plc-coach"
        assistant.send("notifications/initialized")
        tools = assistant.call("tools/list")["tools"]
        assert [tool["name"] for tool in tools] == ["search", "fetch", "ask_coach"]
        result = assistant.call("tools/call", name="ask_coach", arguments={"question": QUESTION})
        assert result["structuredContent"]["kind"] == "answer"
        assert result["content"][0]["text"] == result["structuredContent"]["answer"]
        # npx has children.
        os.killpg(program.pid, signal.SIGTERM)
