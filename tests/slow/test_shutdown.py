"""SIGTERM: running requests finish, no new connection is accepted, and the process ends with 0 whatever clients do."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

import httpx
import psutil
import psycopg
import pytest

from tests.http.conftest import coach_waiting
from tests.live import Service, end, launch

QUESTION = json.dumps({"query": "What is a PLC?"}).encode()


def sign_in(service: Service) -> bytes:
    """Returns the Cookie header of a new session."""
    with service.client() as client:
        client.get("/auth/dev/login", follow_redirects=False)
        return f"Cookie: plc_session={client.cookies['plc_session']}\r\n".encode()


@contextmanager
def request_without_body(service: Service, cookie: bytes, length: int) -> Iterator[socket.socket]:
    """Sends the headers of a question and waits until its handler reads the body, which the server signals by 100."""
    with closing(socket.create_connection(("127.0.0.1", service.port), timeout=15)) as line:
        line.sendall(
            b"POST /api/coach/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n%b\r\n" % (length, cookie)
        )
        assert line.recv(65536).startswith(b"HTTP/1.1 100")
        yield line


def wait_until(event: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not event():
        assert time.monotonic() < deadline, f"{event} did not happen"
        time.sleep(0.01)


def wait_until_closed(service: Service) -> None:
    """Waits until the service has received the signal and accepts no new connection."""

    def closed() -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", service.port)) != 0

    wait_until(closed)


def test_a_worker_that_hangs_and_a_log_that_nobody_reads_do_not_delay_the_end(
    database_url: str, tmp_path: Path
) -> None:
    reader, output = os.pipe()
    with os.fdopen(reader, "rb"), os.fdopen(output, "wb") as pipe:
        log_file = tmp_path / "log"
        service = launch(tmp_path, pipe, log_file, DATABASE_URL=database_url, SHUTDOWN_TIMEOUT="4")
        try:
            service.wait_for(seconds=60)
            fill(pipe)
            [worker] = [each for each in psutil.Process(service.process.pid).children() if "worker" in each.name()]
            worker.suspend()
            began = time.monotonic()
            service.process.terminate()
            assert service.process.wait(20) == 0
            assert time.monotonic() - began < 4
        finally:
            end(service.process)


def fill(pipe: IO[bytes]) -> None:
    """Fills a pipe, so that a write into it waits for its reader."""
    os.set_blocking(pipe.fileno(), False)
    with suppress(BlockingIOError):
        while True:
            os.write(pipe.fileno(), b"x" * 4096)
    os.set_blocking(pipe.fileno(), True)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_running_requests_are_finished(start: Callable[..., Service], database_url: str, workers: str) -> None:
    service = start(DATABASE_URL=database_url, WORKERS=workers)
    service.wait_for()
    cookie = sign_in(service)
    with ThreadPoolExecutor(1) as pool, request_without_body(service, cookie, len(QUESTION)) as line:
        stopping = pool.submit(service.stop)
        wait_until_closed(service)
        line.sendall(QUESTION)
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        line.close()
        assert stopping.result() == 0
    with pytest.raises(httpx.TransportError):
        httpx.get(service.url)


@pytest.mark.parametrize(("coach_waits_until", "status"), [("the signal", "complete"), ("the end", "failed")])
def test_an_answer_whose_client_has_left_is_completed_or_marked_as_failed(
    start: Callable[..., Service], database_url: str, coach_waits_until: str, status: str
) -> None:
    service = start(DATABASE_URL=database_url)
    service.wait_for()
    cookie = sign_in(service)
    # The first question loads the embedder, so that the answer below does not reach the coach's own time limit.
    with request_without_body(service, cookie, len(QUESTION)) as line:
        line.sendall(QUESTION)
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database_url, autocommit=True) as connection:

        def statuses() -> list[tuple[str]]:
            return connection.execute("SELECT status FROM messages ORDER BY created_at, id").fetchall()

        def question_is_stored() -> bool:
            return len(statuses()) == 4

        with coach_waiting(database_url):
            with request_without_body(service, cookie, len(QUESTION)) as line:
                line.sendall(QUESTION)
                wait_until(question_is_stored)
            stopping = pool.submit(service.stop)
            wait_until_closed(service)
            if coach_waits_until == "the end":
                stopping.result()
        assert stopping.result() == 0
        assert statuses() == [("complete",), ("complete",), ("complete",), (status,)]


def test_a_client_that_never_finishes_does_not_delay_the_stop(start: Callable[..., Service], database_url: str) -> None:
    service = start(DATABASE_URL=database_url, SHUTDOWN_TIMEOUT="3")
    service.wait_for()
    with request_without_body(service, sign_in(service), 100) as line:
        line.sendall(b"{")
        began = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - began <= 3


def test_a_signal_during_start_up_and_a_second_signal_end_the_process(
    start: Callable[..., Service], database_url: str
) -> None:
    service = start(DATABASE_URL=database_url)
    service.process.terminate()
    assert service.process.wait(5) in {0, -15}

    service = start(DATABASE_URL=database_url)
    service.wait_for("/health")
    processes = [psutil.Process(service.process.pid), *psutil.Process(service.process.pid).children(recursive=True)]
    service.process.terminate()
    service.process.terminate()
    assert service.process.wait(5) == 0
    _, left = psutil.wait_procs(processes, timeout=2)
    assert all(map(has_ended, left))


def has_ended(process: psutil.Process) -> bool:
    """How soon a process that has ended is reaped depends on the machine."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("pause", [0, 0.0005, 0.002, 0.01])
def test_a_burst_of_signals_ends_the_process_in_time(
    start: Callable[..., Service], database_url: str, pause: float
) -> None:
    service = start(DATABASE_URL=database_url, SHUTDOWN_TIMEOUT="5")
    service.wait_for("/health")
    began = time.monotonic()
    while service.process.poll() is None and time.monotonic() - began < 5:
        service.process.send_signal(signal.SIGTERM)
        time.sleep(pause)
    assert service.process.poll() == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_during_the_delay_requests_are_answered_and_ready_is_503(
    start: Callable[..., Service], database_url: str, workers: str
) -> None:
    service = start(DATABASE_URL=database_url, WORKERS=workers, SHUTDOWN_DELAY="3", SHUTDOWN_TIMEOUT="6")
    service.wait_for()
    # A worker that is just starting ignores the announcement until it is loaded.
    wait_until(lambda: service.log_file.read_text().count("Started worker-") == int(workers))

    def refuses_always() -> bool:
        """Each request opens a connection, which any worker may accept."""
        return all(httpx.get(f"{service.url}/ready").status_code == 503 for _ in range(10))

    began = time.monotonic()
    # `just` forwards a signal that the process has already received.
    service.process.terminate()
    service.process.terminate()
    wait_until(refuses_always, seconds=1)
    while time.monotonic() - began < 2.5:
        refused = httpx.get(f"{service.url}/ready")
        assert (refused.status_code, refused.json()["type"]) == (503, "urn:problem:not-ready")
        assert "stopping" in refused.json()["detail"]
        assert refused.headers["Retry-After"] == "2"
        assert httpx.get(f"{service.url}/auth/providers").status_code == 200
        assert httpx.get(f"{service.url}/health").status_code == 200
    assert service.process.wait(6) == 0
    assert 3 <= time.monotonic() - began <= 6


def test_a_ctrl_c_waits_for_no_load_balancer(start: Callable[..., Service], database_url: str) -> None:
    service = start(DATABASE_URL=database_url, SHUTDOWN_DELAY="20", SHUTDOWN_TIMEOUT="30")
    service.wait_for()
    assert service.stop(signal.SIGINT, seconds=10) == 0


@pytest.mark.parametrize("moment", [0.0, 0.3, 0.7])
def test_a_ctrl_c_during_the_start_prints_no_traceback(
    start: Callable[..., Service], database_url: str, moment: float
) -> None:
    service = start(DATABASE_URL=database_url)
    wait_until(lambda: "Listening at" in service.log_file.read_text(), seconds=30)
    # The workers are starting. A terminal sends the signal to all processes of its foreground group.
    time.sleep(moment)
    for process in [psutil.Process(service.process.pid), *psutil.Process(service.process.pid).children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT)
    assert service.process.wait(15) == 0
    assert "Traceback" not in service.log_file.read_text()
