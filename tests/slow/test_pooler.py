"""The service behind a real PgBouncer in transaction mode: DATABASE_URL leads to it, DATABASE_DIRECT_URL past it."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.errors import QueryCanceled

from plccoach_api import settings
from plccoach_api.coach.runs.notifications import Notifier, notify
from plccoach_api.database import migrations, session
from plccoach_api.database.pool import Connection, Database
from tests.events import events
from tests.live import COMMAND, Service, environment, wait_until
from tests.pooler import Pooler, set_role
from tests.tools.model_server import ModelServer, talkative, words

QUESTION = "What are the four critical questions of a PLC?"
LOCKS = """\
SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
WHERE l.locktype = 'advisory' AND d.datname = current_database()
"""
WARNING = "sessions of the pooler lack settings"
DELTAS = 100
SECONDS = 120


@contextmanager
def signed_in(service: Service) -> Iterator[httpx.Client]:
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
        assert client.get("/auth/me").json()["email"] == "erin@example.org"
        yield client


def at_once(arguments: Sequence[str], folder: Path, variables: dict[str, str]) -> list[str]:
    """Runs a command twice at once, and returns what both printed. Afterwards no session holds a lock."""
    command = [*COMMAND, *arguments]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(command, env=variables, cwd=folder, stdout=pipe, stderr=pipe, text=True) for _ in range(2)
    ]
    try:
        printed = [process.communicate(timeout=SECONDS) for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [process.returncode for process in processes] == [0, 0], printed
    with psycopg.connect(variables["DATABASE_DIRECT_URL"], autocommit=True) as connection:
        wait_until(lambda: connection.execute(LOCKS).fetchone() == (0,), "every lock is free", seconds=SECONDS)
    return [output for output, _ in printed]


def test_two_replicas_are_ready_and_one_follows_the_answer_of_the_other(
    start: Callable[..., Service], pooler: Pooler, database_url: str, model_server: ModelServer
) -> None:
    set_role(database_url, session.SETTINGS)
    model_server.otherwise = talkative(DELTAS, 0.03)
    variables = pooler.settings(database_url) | {
        "ANSWERER": "openai",
        "OPENAI_BASE_URL": model_server.url,
        "OPENAI_API_KEY": "a key",
        "PUBLIC_URL": "http://localhost:8000",
    }
    first, second = start(**variables), start(**variables)
    for service in (first, second):
        service.wait_for(seconds=SECONDS)
    with signed_in(first) as here, signed_in(second) as there:
        conversation = here.post("/api/conversations", json={}).json()["id"]
        path = f"/api/conversations/{conversation}/messages/stream"
        with here.stream("POST", path, json={"content": QUESTION}, timeout=SECONDS) as response:
            seen = list(islice(events(response), 6))
        message = seen[0][2]["message_id"]
        last = {"Last-Event-ID": str(seen[-1][1])}
        with there.stream("GET", f"/api/messages/{message}/stream", headers=last, timeout=SECONDS) as response:
            seen += events(response)
        assert seen[-1][0] == "message_complete"
        text = "".join(data["delta"] for name, _, data in seen if name == "content_delta")
        assert text == "".join(words(DELTAS)).strip()
        # More often than a statement is run before it is prepared, on more connections than the pooler has sessions.
        for _ in range(20):
            assert there.get("/api/conversations").json()["items"][0]["id"] == conversation
    lines = [line for service in (first, second) for line in service.log()]
    assert [line for line in lines if line["level"] == "error" or line["event"] == WARNING] == []


def test_a_service_whose_role_has_no_timeouts_warns_of_it(
    start: Callable[..., Service], pooler: Pooler, database_url: str
) -> None:
    service = start(**pooler.settings(database_url))
    service.wait_for(seconds=SECONDS)
    wait_until(lambda: WARNING in service.log_file.read_text(), "the log has the warning", seconds=SECONDS)
    [line] = [each for each in service.log() if each["event"] == WARNING]
    assert {"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} <= {*line["lacking"]}


def test_doctor_says_that_the_database_is_a_pooler(pooler: Pooler, database_url: str, tmp_path: Path) -> None:
    def found(**variables: str) -> dict[str, Any]:
        command = [*COMMAND, "doctor", "--json"]
        done = subprocess.run(
            command, env=environment(**variables), cwd=tmp_path, check=False, capture_output=True, timeout=SECONDS
        )
        return {each["check"]: each for each in json.loads(done.stdout)}

    alone = found(DATABASE_URL=pooler.url(database_url))
    assert alone["database"]["note"] == "DATABASE_URL leads to a pooler"
    set_role(database_url, session.SETTINGS)
    assert found(**pooler.settings(database_url))["pooler"]["ok"]


@pytest.fixture
async def database(pooler: Pooler, database_url: str) -> AsyncIterator[Database]:
    """A pool behind PgBouncer, whose role has our settings."""
    set_role(database_url, session.SETTINGS)
    # A machine that is busy may need long for the first connection.
    database = Database(settings.load(pooler.settings(database_url) | {"DB_POOL_TIMEOUT": "30"}, None))
    await database.open()
    yield database
    await database.close()


async def test_a_statement_ends_at_the_timeout_of_the_role(database: Database) -> None:
    async def sleep(connection: Connection) -> None:
        await connection.execute("SELECT pg_sleep(60)")

    with pytest.raises(QueryCanceled):
        await database.run_idempotent(sleep)


async def test_a_notification_that_was_sent_through_the_pooler_is_heard(database: Database) -> None:
    message = uuid4()
    async with asyncio.timeout(SECONDS):
        with Notifier(database).subscribe(message) as changed:
            await changed.wait()
            changed.clear()
            await notify(database, [message])
            await changed.wait()


def test_two_migrations_at_once_both_end(pooler: Pooler, empty_database_url: str, tmp_path: Path) -> None:
    set_role(empty_database_url, session.SETTINGS)
    at_once(["migrate"], tmp_path, environment(**pooler.settings(empty_database_url)))
    assert migrations.state(empty_database_url).revision == migrations.head()


def test_two_ingests_at_once_both_end(pooler: Pooler, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "zebras.md").write_text(
        "# Zebras\n\n## Stripes\n\nA zebra has stripes, and no two zebras have the same.\n"
    )
    set_role(database_url, session.SETTINGS)
    printed = at_once(["ingest", "zebras.md", "--json"], tmp_path, environment(**pooler.settings(database_url)))
    assert sorted('"unchanged"' in each for each in printed) == [False, True]
