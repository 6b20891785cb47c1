"""SIGTERM: what runs is finished, nothing new is taken, and the process ends with 0 whatever clients do."""

import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import psutil
import psycopg
import pytest

from tests.http.conftest import coach_waiting
from tests.live import Service

ASK = b"POST /api/coach/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_requests_that_run_are_finished(start: Callable[..., Service], database_url: str, workers: str) -> None:
    service = start(DATABASE_URL=database_url, WORKERS=workers)
    service.wait_for()
    with service.client() as client:
        client.get("/auth/dev/login", follow_redirects=False)
        cookie = f"plc_session={client.cookies['plc_session']}".encode()
    body = json.dumps({"query": "What is a PLC?"}).encode()
    with closing(socket.create_connection(("127.0.0.1", service.port))) as line, ThreadPoolExecutor(1) as pool:
        line.sendall(ASK % len(body) + b"Cookie: " + cookie + b"\r\n\r\n" + body[:5])
        # The handler has begun once it waits for the rest of the body.
        time.sleep(0.3)
        stopping = pool.submit(service.stop)
        time.sleep(0.3)
        line.sendall(body[5:])
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        line.close()
        assert stopping.result() == 0
    with pytest.raises(httpx.TransportError):
        httpx.get(service.url)


@pytest.mark.parametrize(("seconds", "becomes"), [(0.5, "complete"), (6, "failed")])
def test_an_answer_that_nobody_waits_for_is_finished_or_marked_as_failed(
    start: Callable[..., Service], database_url: str, seconds: float, becomes: str
) -> None:
    service = start(DATABASE_URL=database_url)
    service.wait_for()
    with service.client() as client:
        client.get("/auth/dev/login", follow_redirects=False)
        cookie = f"plc_session={client.cookies['plc_session']}".encode()
    body = json.dumps({"query": "What is a PLC?"}).encode()
    with ThreadPoolExecutor(1) as pool, coach_waiting(database_url):
        with closing(socket.create_connection(("127.0.0.1", service.port))) as line:
            line.sendall(ASK % len(body) + b"Cookie: " + cookie + b"\r\n\r\n" + body)
            time.sleep(0.5)
        stopping = pool.submit(service.stop)
        time.sleep(seconds)
    assert stopping.result() == 0
    with psycopg.connect(database_url) as connection:
        statuses = connection.execute("SELECT status FROM messages ORDER BY created_at, id").fetchall()
    assert statuses == [("complete",), (becomes,)]


def test_a_client_that_never_finishes_is_not_waited_for(start: Callable[..., Service], database_url: str) -> None:
    service = start(DATABASE_URL=database_url, SHUTDOWN_TIMEOUT="3")
    service.wait_for()
    with service.client() as client:
        client.get("/auth/dev/login", follow_redirects=False)
        cookie = f"plc_session={client.cookies['plc_session']}".encode()
    with closing(socket.create_connection(("127.0.0.1", service.port))) as line:
        line.sendall(ASK % 100 + b"Cookie: " + cookie + b"\r\n\r\n{")
        time.sleep(0.3)
        began = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - began <= 3


def test_a_second_sigterm_and_one_during_start_up_end_it_too(start: Callable[..., Service], database_url: str) -> None:
    service = start(DATABASE_URL=database_url)
    service.process.terminate()
    service.process.wait(5)

    service = start(DATABASE_URL=database_url)
    service.wait_for("/health")
    processes = [psutil.Process(service.process.pid), *psutil.Process(service.process.pid).children(recursive=True)]
    service.process.terminate()
    service.process.terminate()
    assert service.process.wait(5) == 0
    assert not psutil.wait_procs(processes, timeout=2)[1]
