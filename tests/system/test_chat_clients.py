"""docs/connect.md: every client of OpenAI's protocol in it asks as written, and shows what the service answered."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.blocks import blocks_of
from tests.http.asking import QUESTION
from tests.http.tokens import bearer
from tests.live import Service

BLOCKS = blocks_of(Path(__file__).parents[2] / "docs" / "connect.md")
NPM = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_prefer_offline": "true"}
# Packages that run twice are not worth the time of compiling them.
PIP = {"PIP_PYTHON": ".venv", "PIP_NO_COMPILE": "1"}
COMPILER = "typescript@5.9.3 @types/node@22.19.19"
# Only the program itself is checked: the types of some dependencies of the clients are not installed.
COMPILE = "node_modules/.bin/tsc --strict --exactOptionalPropertyTypes --skipLibCheck --target es2022 --module nodenext"


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def must_run(command: str, folder: Path, **environment: str) -> None:
    done = run(command, folder, **environment)
    assert done.returncode == 0, done.stdout + done.stderr


def with_locked_packages(_: str, program: Path) -> str:
    """The packages of the tests have OpenAI's client for Python."""
    return f"python3 {program.name}"


def with_pip(install: str, program: Path) -> str:
    must_run("python3 -m venv --without-pip .venv", program.parent)
    must_run(install, program.parent, **PIP)
    return f".venv/bin/python {program.name}"


def with_npm(install: str, program: Path) -> str:
    if not shutil.which("npm"):
        pytest.fail("npm is missing: this test needs Node.js 20 or newer, with npm")
    (program.parent / "package.json").write_text('{"type": "module"}')
    must_run(f"{install.strip()} {COMPILER}", program.parent, **NPM)
    must_run(f"{COMPILE} {program.name}", program.parent)
    return f"node {program.stem}.js"


@dataclass(frozen=True)
class Client:
    """A client of the document, and how it shows that a token is refused."""

    block: str
    install: Callable[[str, Path], str]
    refusal: str
    shows_sources: bool = True


CLIENTS = [
    Client("python with_openai.py", with_locked_packages, "openai.AuthenticationError: Error code: 401"),
    Client("ts with-openai.ts", with_npm, "AuthenticationError: 401 Send a personal token"),
    Client("ts with-ai-sdk.ts", with_npm, "APICallError [AI_APICallError]: Send a personal token"),
    Client("python with_langchain.py", with_pip, "OpenAIAuthenticationError: Error code: 401", shows_sources=False),
]


def ask(command: str, program: Path, token: str) -> subprocess.CompletedProcess[str]:
    """Runs a program with the token, which is all that it lacks."""
    file = program.with_name(command.rsplit(maxsplit=1)[-1])
    written = file.read_text("utf-8")
    assert "plc_…" in written
    file.write_text(written.replace("plc_…", token), "utf-8")
    done = run(command, file.parent)
    file.write_text(written, "utf-8")
    return done


def answer_of(service: Service, token: str) -> dict[str, Any]:
    body = {"model": "plc-coach", "messages": [{"role": "user", "content": QUESTION}]}
    with service.client(headers=bearer(token)) as client:
        message: dict[str, Any] = client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    return message


# One test, because two would install a client twice when they run in two processes.
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.block.split()[1])
def test_a_client_shows_a_whole_and_a_streamed_answer_with_its_sources_and_a_refused_token(
    client: Client, live: Service, tmp_path: Path
) -> None:
    program = tmp_path / client.block.split()[1]
    program.write_text(BLOCKS[client.block].replace("localhost:8000", f"127.0.0.1:{live.port}"), "utf-8")
    command = client.install(BLOCKS.get(f"sh {program.stem}", ""), program)

    token = live.token_of(f"{program.stem}@example.org")
    message = answer_of(live, token)
    sources = [each["url_citation"] for each in message["annotations"]]
    assert len(sources) >= 2
    lines = [f"{source['title']} {source['url']}" for source in sources if client.shows_sources]
    shown = "\n".join([message["content"], *lines]) + "\n"
    done = ask(command, program, token)
    assert (done.stdout, done.returncode) == (shown + shown, 0), done.stderr

    refused = ask(command, program, "plc_nonsense")
    assert refused.returncode == 1
    assert client.refusal in refused.stderr
