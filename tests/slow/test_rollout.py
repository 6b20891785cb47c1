"""A release with an additive migration rolls over two replicas behind a load balancer, and back: no request fails."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from plccoach_api.database import migrations
from tests import live, next_version
from tests.live import Service, wait_until

PROBE_SECONDS = 0.2
# The time in which the balancer notices that a replica stops, also on a busy machine.
DELAY_SECONDS = 5


class Balancer:
    """Sends each request to the next replica that was ready at its last probe."""

    def __init__(self) -> None:
        self.replicas: dict[str, bool] = {}
        self.completed = 0
        self.failures: list[str] = []
        self._ended = threading.Event()
        self._turn = 0

    @contextmanager
    def load(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._probe)]
        threads += [threading.Thread(target=self._visit, args=(f"visitor{n}@example.org",)) for n in range(3)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()

    def ready(self, url: str) -> bool:
        return self.replicas.get(url, False)

    def _probe(self) -> None:
        while not self._ended.is_set():
            for url in list(self.replicas):
                try:
                    self.replicas[url] = httpx.get(f"{url}/ready", timeout=2).status_code == 200
                except httpx.TransportError:
                    self.replicas[url] = False
            time.sleep(PROBE_SECONDS)

    def _visit(self, email: str) -> None:
        # A connection is used once, so that none is closed between two requests.
        with httpx.Client(timeout=60, headers={"Connection": "close"}) as client:
            self._request(client, "GET", f"/auth/dev/login?email={email}", 302)
            while not self._ended.is_set():
                self._request(client, "GET", "/auth/me", 200)
                self._request(client, "GET", "/api/conversations", 200)
                self._request(client, "POST", "/api/conversations", 201, {"title": "Norms"})

    def _request(
        self, client: httpx.Client, method: str, path: str, expected: int, body: Mapping[str, str] | None = None
    ) -> None:
        ready = [url for url, is_ready in self.replicas.items() if is_ready]
        self._turn += 1
        try:
            response = client.request(method, ready[self._turn % len(ready)] + path, json=body)
        except httpx.TransportError as error:
            self.failures.append(f"{method} {path}: {error!r}")
        else:
            if response.status_code != expected:
                self.failures.append(f"{method} {path}: {response.status_code} {response.text}")
        self.completed += 1


@pytest.fixture
def replica(start: Callable[..., Service], database_url: str) -> Callable[..., Service]:
    """Starts a replica, which delays its stop until the balancer has noticed it."""

    def replica(**version: str) -> Service:
        service = start(
            DATABASE_URL=database_url,
            SHUTDOWN_DELAY=str(DELAY_SECONDS),
            SHUTDOWN_TIMEOUT=str(DELAY_SECONDS + 10),
            **version,
        )
        service.wait_for(seconds=120)
        return service

    return replica


def test_a_release_rolls_over_two_replicas_under_load_and_back_without_a_failed_request(
    replica: Callable[..., Service], database_url: str, tmp_path: Path
) -> None:
    newer = next_version.copy_service(tmp_path / "next")
    running = [replica(), replica()]
    balancer = Balancer()
    balancer.replicas = dict.fromkeys([each.url for each in running], True)

    def roll(version: Mapping[str, str]) -> None:
        for stopping in list(running):
            started = replica(**version)
            balancer.replicas[started.url] = False
            wait_until(lambda: balancer.ready(started.url), "the balancer knows the new replica", seconds=30)  # noqa: B023 - called at once
            assert stopping.stop(seconds=DELAY_SECONDS + 20) == 0
            del balancer.replicas[stopping.url]
            running.remove(stopping)
            running.append(started)
            before = balancer.completed
            wait_until(lambda: balancer.completed > before + 20, "requests are answered", seconds=60)  # noqa: B023 - called at once

    with balancer.load():
        roll(newer)
        assert migrations.state(database_url).revision == next_version.REVISION
        roll({})
        command = [*live.COMMAND, "migrate", "--to", migrations.head()]
        variables = live.environment(DATABASE_URL=database_url, **newer)
        subprocess.run(command, env=variables, cwd=newer["PYTHONPATH"], check=True, capture_output=True)
        before = balancer.completed
        wait_until(lambda: balancer.completed > before + 20, "requests are answered on the old schema", seconds=60)
    assert balancer.failures == []
    assert balancer.completed > 100
    assert migrations.state(database_url).revision == migrations.head()
