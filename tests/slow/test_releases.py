"""A release with a migration: replicas of the version before stay ready, and requests wait two seconds at most."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Event

import httpx
import psycopg
import pytest

from plccoach_api.database import migrations
from tests import next_version
from tests.live import Service, environment, wait_until


@pytest.fixture
def newer(tmp_path: Path, database_url: str) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts alembic with one migration more than this version has."""
    scripts = tmp_path / "alembic"
    settings = {"DATABASE_URL": database_url, "ALEMBIC_CONFIG": str(scripts / "alembic.ini")}

    def run(
        *arguments: str, oldest: str = migrations.head(), stdout: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        next_version.copy_migrations(scripts, oldest=oldest)
        command = [sys.executable, "-m", "alembic", *arguments]
        return subprocess.Popen(command, env=environment(**settings), cwd=tmp_path, stdout=stdout)

    return run


class Load:
    """Light load on the replicas: it collects what failed, and the longest time that a request took."""

    def __init__(self) -> None:
        self.completed = 0
        self.failures: list[str] = []
        self.longest = 0.0
        self._stopped = Event()

    @contextmanager
    def on(self, *services: Service) -> Iterator[None]:
        with ThreadPoolExecutor(len(services)) as pool:
            running = [pool.submit(self._visit, service) for service in services]
            try:
                yield
            finally:
                self._stopped.set()
                for each in running:
                    each.result()

    def _visit(self, service: Service) -> None:
        with service.client(follow_redirects=False) as client:
            client.get("/auth/dev/login")
            while not self._stopped.is_set():
                for path in ("/ready", "/auth/me", "/api/conversations"):
                    self._request(client, path)

    def _request(self, client: httpx.Client, path: str) -> None:
        began = time.monotonic()
        response = client.get(path)
        self.longest = max(self.longest, time.monotonic() - began)
        self.completed += 1
        if response.status_code != 200:
            self.failures.append(f"{path}: {response.status_code} {response.text}")


def test_replicas_of_the_version_before_stay_ready_and_one_that_restarts_becomes_ready(
    start: Callable[..., Service], database_url: str, newer: Callable[..., subprocess.Popen[bytes]]
) -> None:
    replicas = [start(DATABASE_URL=database_url) for _ in range(2)]
    for replica in replicas:
        replica.wait_for(seconds=60)
    load = Load()
    with load.on(*replicas):
        assert newer("upgrade", "head").wait(30) == 0
        restarted = start(DATABASE_URL=database_url)
        assert restarted.wait_for(seconds=30) < 30
        before = load.completed
        wait_until(lambda: load.completed > before + 50, "the replicas answer after the migration", seconds=40)
        assert newer("downgrade", migrations.head()).wait(30) == 0
        wait_until(lambda: load.completed > before + 100, "the replicas answer after the way back", seconds=40)
    assert load.failures == []
    assert migrations.state(database_url).revision == migrations.head()


def test_a_schema_that_needs_newer_code_makes_replicas_unready_and_the_log_says_why(
    start: Callable[..., Service], database_url: str, newer: Callable[..., subprocess.Popen[bytes]]
) -> None:
    running = start(DATABASE_URL=database_url)
    running.wait_for(seconds=60)
    assert newer("upgrade", "head", oldest=next_version.REVISION).wait(30) == 0
    restarted = start(DATABASE_URL=database_url)
    for service in (running, restarted):
        service.wait_for("/ready", 503, seconds=30)
        # The log is written by a thread of its own.
        wait_until(partial(says_why, service), "the log says why", seconds=10)
    assert newer("downgrade", migrations.head(), oldest=next_version.REVISION).wait(30) == 0
    for service in (running, restarted):
        service.wait_for("/ready", 200, seconds=60)


def says_why(service: Service) -> bool:
    expected = {
        "event": "schema too new",
        "revision": next_version.REVISION,
        "oldest": next_version.REVISION,
        "head": migrations.head(),
    }
    return any(expected.items() <= line.items() for line in service.log())


def test_a_migration_behind_an_open_reader_holds_up_requests_for_two_seconds_at_most(
    start: Callable[..., Service], database_url: str, newer: Callable[..., subprocess.Popen[bytes]]
) -> None:
    replica = start(DATABASE_URL=database_url)
    replica.wait_for(seconds=60)
    load = Load()
    with ExitStack() as stack:
        reader = stack.enter_context(psycopg.connect(database_url))
        reader.execute("SELECT FROM conversations")
        stack.enter_context(load.on(replica))
        migrating = newer("upgrade", "head", stdout=subprocess.PIPE)
        assert migrating.stdout
        lines = iter(migrating.stdout.readline, b"")
        for _ in range(2):
            assert any(b"migration waits for a lock" in line for line in lines)
        reader.rollback()
        assert any(b"Running upgrade" in line for line in lines)
        migrating.communicate(timeout=20)
        assert migrating.returncode == 0
    assert load.failures == []
    # A request is held up by one attempt. The rest is the time of a busy machine.
    assert 1 < load.longest < 2.9
    assert migrations.state(database_url).revision == next_version.REVISION
