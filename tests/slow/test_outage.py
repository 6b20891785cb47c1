"""The service while its database is frozen, killed or absent: it returns 503, never 500, and stores nothing partly."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from plccoach_api.database import embedded
from tests.live import Service, wait_until

ASK = "/api/coach/query"
QUESTION = {"query": "What are the four critical questions of a PLC?"}
# A pool checks a connection that was idle for longer than a second before it lends it.
CHECKED_AFTER = 1.2


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server that these tests may freeze and kill."""
    folder = tmp_path_factory.mktemp("own")
    with embedded.running(folder) as url:
        yield url, folder / "postgres"


@pytest.fixture(scope="module")
def service(start: Callable[..., Service], own_postgres: tuple[str, Path]) -> Service:
    service = start(DATABASE_URL=own_postgres[0], COACH_RATE_LIMIT="100000")
    service.wait_for()
    return service


@pytest.fixture(scope="module")
def educator(service: Service) -> Iterator[httpx.Client]:
    with service.client() as client:
        client.get("/auth/dev/login", follow_redirects=False)
        yield client


@contextmanager
def frozen(folder: Path) -> Iterator[None]:
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
    # The postmaster is first: a child that it starts later would still answer.
    postmaster.send_signal(signal.SIGSTOP)
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes[1:]:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


def test_a_frozen_database_is_503_within_2_s_and_does_not_affect_health(
    service: Service, educator: httpx.Client, own_postgres: tuple[str, Path]
) -> None:
    for idle in (0.0, CHECKED_AFTER):
        educator.get("/auth/me")
        time.sleep(idle)
        with frozen(own_postgres[1]):
            began = time.monotonic()
            ready = educator.get("/ready")
            assert time.monotonic() - began < 2
            assert (ready.status_code, ready.headers["Retry-After"]) == (503, "2")
            assert educator.get("/health").elapsed.total_seconds() < 0.5
            assert educator.get("/auth/me").status_code == 503
        service.wait_for(seconds=5)
        assert educator.get("/auth/me").status_code == 200


def test_a_question_during_an_outage_of_the_database_stores_nothing(
    service: Service, educator: httpx.Client, own_postgres: tuple[str, Path]
) -> None:
    before = educator.get("/api/conversations").json()["items"]
    with frozen(own_postgres[1]):
        response = educator.post(ASK, json=QUESTION, timeout=30)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.headers["Content-Type"] == "application/problem+json"
    service.wait_for(seconds=5)
    assert educator.get("/api/conversations").json()["items"] == before


def test_terminating_every_backend_under_load_costs_no_500_and_heals_within_2_s(
    service: Service, educator: httpx.Client, own_postgres: tuple[str, Path]
) -> None:
    outcomes: list[tuple[float, int]] = []
    done = threading.Event()

    def load(path: str, body: dict[str, str] | None) -> None:
        with service.client(cookies=educator.cookies) as client:
            while not done.is_set():
                response = client.post(path, json=body) if body else client.get(path)
                outcomes.append((time.monotonic(), response.status_code))

    def since(moment: float) -> list[tuple[float, int]]:
        return [outcome for outcome in outcomes if outcome[0] > moment]

    threads = [
        threading.Thread(target=load, args=arguments)
        for arguments in [("/auth/me", None), ("/api/conversations", None), (ASK, QUESTION), ("/ready", None)] * 2
    ]
    for thread in threads:
        thread.start()
    killed = time.monotonic()
    with psycopg.connect(own_postgres[0], autocommit=True) as connection:
        for _ in range(5):
            answered = len(outcomes)
            wait_until(lambda: len(outcomes) > answered + 100, "load continues", seconds=20)  # noqa: B023 - called at once
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'plccoach-api' AND pid <> pg_backend_pid()"
            )
            killed = time.monotonic()
    wait_until(lambda: len(since(killed + 2)) > 50, "requests are answered after the last kill", seconds=20)
    done.set()
    for thread in threads:
        thread.join()
    assert {status for _, status in outcomes} <= {200, 503}
    assert {status for _, status in since(killed + 2)} == {200}


def test_a_single_request_after_every_backend_was_terminated_succeeds(
    educator: httpx.Client, own_postgres: tuple[str, Path]
) -> None:
    with psycopg.connect(own_postgres[0], autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    time.sleep(CHECKED_AFTER)
    assert educator.get("/auth/me").status_code == 200


def test_no_request_fails_once_the_database_is_back(start: Callable[..., Service], tmp_path: Path) -> None:
    with embedded.running(tmp_path) as url:
        pass
    service = start(DATABASE_URL=url, SIGN_IN_RATE_LIMIT="1000")
    service.wait_for("/health")
    with service.client() as client:
        away = client.get("/ready")
        assert (away.status_code, away.json()["type"]) == (503, "urn:problem:database-unavailable")
        assert client.get("/auth/dev/login", follow_redirects=False).status_code == 503
        with embedded.running(tmp_path):
            service.wait_for(seconds=10)
            for _ in range(50):
                assert client.get("/auth/dev/login", follow_redirects=False).status_code == 302
                assert client.get("/auth/me").status_code == 200
    errors = [line for line in service.log() if line["level"] == "error"]
    assert errors == []
