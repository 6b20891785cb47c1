"""Metrics over several workers, of which some are killed while Prometheus reads."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import httpx
import psutil

from tests.live import Service, end, free_port, launch, wait_until
from tests.scrape import Scrape, scrape
from tests.tools.model_server import ROUTED, Fail, ModelServer, Say

REQUESTS = "http_server_request_duration_seconds_count"
WORKERS = 4
POOL = 5


def workers_of(service: Service) -> list[psutil.Process]:
    return [child for child in psutil.Process(service.process.pid).children() if "worker" in " ".join(child.cmdline())]


@contextmanager
def scraping(port: int) -> Iterator[list[Scrape]]:
    """Reads the metrics again and again, and yields the list of what was read."""
    seen, stopped = [scrape(port)], threading.Event()

    def read() -> None:
        while not stopped.is_set():
            seen.append(scrape(port))

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            yield seen
        finally:
            stopped.set()
        reading.result()


def test_counters_never_fall_and_gauges_go_when_workers_are_killed(
    start: Callable[..., Service], live_database_url: str
) -> None:
    port = free_port()
    service = start(
        DATABASE_URL=live_database_url, WORKERS=str(WORKERS), METRICS_PORT=str(port), DB_POOL_SIZE=str(POOL)
    )
    service.wait_for(seconds=60)
    with scraping(port) as seen:
        wait_until(lambda: seen[-1].value("plccoach_pool_connections_max") == WORKERS * POOL, "all run", seconds=60)
        for _ in range(200):
            # Each connection may reach another worker.
            httpx.get(f"{service.url}/health")
        health = {"http_route": "/health", "http_response_status_code": "200"}
        wait_until(lambda: seen[-1].value(REQUESTS, **health) == 200, "all requests are counted", seconds=20)
        for number, worker in enumerate(workers_of(service), start=1):
            worker.kill()
            wait_until(
                lambda killed=number: seen[-1].value("plccoach_workers_ended_total") == killed,  # type: ignore[misc]
                f"{number} workers were killed",
                seconds=60,
            )
        wait_until(
            lambda: (
                seen[-1].value("plccoach_workers") == WORKERS
                and seen[-1].value("plccoach_pool_connections_max") == WORKERS * POOL
            ),
            "all workers were replaced",
            seconds=60,
        )
    assert seen[-1].value(REQUESTS, **health) == 200
    for earlier, later in pairwise(seen):
        counts = later.counts()
        assert [series for series, value in earlier.counts().items() if counts.get(series, 0) < value] == []
        # A worker that was killed and its replacement never count together.
        assert later.value("plccoach_pool_connections_max") <= WORKERS * POOL


def test_a_breaker_that_opens_is_seen(
    start: Callable[..., Service], live_database_url: str, model_server: ModelServer
) -> None:
    port = free_port()
    service = start(
        DATABASE_URL=live_database_url,
        METRICS_PORT=str(port),
        ANSWERER="openai",
        OPENAI_BASE_URL=model_server.url,
    )
    service.wait_for(seconds=60)
    model_server.otherwise = lambda request: Fail(401) if request.body.get("stream") else Say([ROUTED])
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
        for number in range(5):
            assert scrape(port).value("plccoach_open_circuit_breakers") == 0
            question = f"What are the {number + 1} critical questions of a PLC?"
            assert client.post("/api/coach/query", json={"query": question}).status_code == 503
    now = scrape(port)
    assert now.value("plccoach_open_circuit_breakers") == 1
    assert now.value("plccoach_model_failures_total", operation="answer", reason="status_401") == 5


@contextmanager
def logging_to(pipe: int, database_url: str, folder: Path) -> Iterator[Service]:
    """Runs a service with metrics that writes its log into the pipe, and ends it with the context."""
    with os.fdopen(pipe, "wb") as output:
        settings = {"DATABASE_URL": database_url, "METRICS_PORT": str(free_port())}
        service = launch(folder, output, folder / "log", **settings)
    (folder / "log").touch()
    try:
        service.wait_for(seconds=60)
        yield service
    finally:
        end(service.process)


def log_lines(state: str, service: Service) -> float:
    port = int(service.environment["METRICS_PORT"])
    return scrape(port).value(f"plccoach_log_lines_{state}")


def test_lines_of_the_log_that_nobody_reads_are_seen_before_any_is_dropped(
    live_database_url: str, tmp_path: Path
) -> None:
    reader, writer = os.pipe()
    with logging_to(writer, live_database_url, tmp_path) as service:
        assert log_lines("waiting", service) == 0
        with service.client() as client:
            # More than the pipe and the queue hold until it is reported.
            for _ in range(1000):
                client.get("/health")
        assert log_lines("waiting", service) >= 100
        assert log_lines("dropped_total", service) == 0
        os.set_blocking(reader, False)

        def nothing_waits() -> bool:
            with suppress(BlockingIOError):
                os.read(reader, 1 << 20)
            return log_lines("waiting", service) == 0

        wait_until(nothing_waits, "all lines are written", seconds=60)
    os.close(reader)


def test_lines_of_the_log_that_cannot_be_written_are_counted(live_database_url: str, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with logging_to(writer, live_database_url, tmp_path) as service:
        before = log_lines("dropped_total", service)
        httpx.get(f"{service.url}/health")
        wait_until(lambda: log_lines("dropped_total", service) > before, "lines are dropped", seconds=20)


def test_a_port_of_the_metrics_that_is_in_use_is_reported_in_one_line(
    start: Callable[..., Service], live_database_url: str
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as occupied:
        port = occupied.getsockname()[1]
        service = start(DATABASE_URL=live_database_url, METRICS_PORT=str(port))
        assert service.process.wait(60) == 78
    line = f"plccoach-api: cannot listen on METRICS_HOST '127.0.0.1', METRICS_PORT {port}: Address already in use\n"
    assert service.log_file.read_text() == line
