"""The log: one JSON object per line from every source, no words of users, and no line that a client can forge."""

import json
import os
import pty
import re
import select
import shlex
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import database_like
from tests.live import COMMAND, Service, end, environment, free_port

LEVELS = {"debug", "info", "warning", "error", "critical"}
PROXIES = "127.0.0.0/8, 10.0.0.0/8, 2001:db8::/32"


def lines_of(service: Service) -> list[dict[str, Any]]:
    """Returns every line, after checking that no reader would split a line into two."""
    text, _, _unfinished = service.log_file.read_text("utf-8").rpartition("\n")
    assert text.splitlines() == text.split("\n") or not text
    return [json.loads(line) for line in text.split("\n") if line]


def wait_for_line(service: Service, **expected: object) -> dict[str, Any]:
    """Waits for a line with these keys and values; returns the last such line."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = [line for line in lines_of(service) if expected.items() <= line.items()]
        if found:
            return found[-1]
        time.sleep(0.02)
    raise AssertionError(f"no line with {expected}:\n{service.log_file.read_text()[-3000:]}")


def request(service: Service, path: str = "/health", **options: Any) -> dict[str, Any]:
    """Sends a request; returns its line in the log."""
    request_id = uuid4().hex
    with service.client() as client:
        client.get(path, headers={"X-Request-ID": request_id, **options.pop("headers", {})}, **options)
    return wait_for_line(service, event="request", request_id=request_id)


@pytest.fixture(scope="module")
def database(postgres: str, template: str) -> Iterator[str]:
    """A database in which a title that begins with "Whisper" violates an unexpected constraint."""
    with database_like(postgres, template) as url:
        with psycopg.connect(url) as connection:
            connection.execute("ALTER TABLE conversations ADD CONSTRAINT silence CHECK (title NOT LIKE 'Whisper%')")
        yield url


@pytest.fixture(scope="module")
def service(start: Callable[..., Service], database: str) -> Service:
    service = start(DATABASE_URL=database, WORKERS="2", TRUSTED_PROXIES=PROXIES)
    service.wait_for()
    return service


def test_every_line_is_a_json_object_with_the_same_keys_whichever_library_logs(
    start: Callable[..., Service], postgres: str
) -> None:
    name = f"late_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        service = start(DATABASE_URL=f"postgresql://postgres:@/{name}?host={conninfo_to_dict(postgres)['host']}")
        service.wait_for("/health")
        wait_for_line(service, logger="psycopg.pool", level="warning")
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        service.wait_for(seconds=15)
        request(service)
        assert service.stop() == 0
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    lines = lines_of(service)
    for line in lines:
        assert isinstance(line["event"], str)
        assert isinstance(line["logger"], str)
        assert line["level"] in LEVELS
        assert line["timestamp"].endswith("Z")
        assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None
    assert {line["logger"] for line in lines} >= {
        "_granian",
        "alembic.runtime.migration",
        "plccoach_api.access",
        "plccoach_api.corpus.ingest",
        "plccoach_api.server.preparation",
        "psycopg.pool",
    }
    assert [line["revision"] for line in lines if line["event"] == "schema migrated"]


def test_requests_are_not_logged_at_warning_level(start: Callable[..., Service], database: str) -> None:
    service = start(DATABASE_URL=database, LOG_LEVEL="WARNING")
    service.wait_for()
    with service.client() as client:
        client.get("/health")
    assert service.stop() == 0
    assert lines_of(service) == []


def test_the_last_requests_before_a_stop_are_in_the_log(start: Callable[..., Service], database: str) -> None:
    service = start(DATABASE_URL=database)
    service.wait_for()
    request_ids = [uuid4().hex for _ in range(30)]
    with service.client() as client:
        for request_id in request_ids:
            client.get("/health", headers={"X-Request-ID": request_id})
    assert service.stop() == 0
    logged = [line["request_id"] for line in lines_of(service) if line["event"] == "request"]
    assert logged[-len(request_ids) :] == request_ids


def test_reload_on_a_terminal_is_readable(database: str) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--reload"],
        env=environment(DATABASE_URL=database, PORT=str(free_port()), TERM="xterm"),
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    seen = ""
    while "/try" not in seen and select.select([master], [], [], 10)[0]:
        seen += os.read(master, 4096).decode()
    process.terminate()
    assert process.wait(10) == 0
    os.close(master)
    assert "ready" in seen
    assert '{"' not in seen


@contextmanager
def serving_into(output: int | str, database: str) -> Iterator[Service]:
    """Runs a service that logs into a descriptor; "closed" gives it no standard output at all."""
    port = free_port()
    command = shlex.join([*COMMAND, "serve"]) + (" >&-" if output == "closed" else "")
    with subprocess.Popen(
        ["sh", "-c", f"exec {command}"],
        env=environment(DATABASE_URL=database, PORT=str(port)),
        stdout=output if isinstance(output, int) else None,
        stderr=subprocess.DEVNULL,
    ) as process:
        service = Service(process, port, Path(os.devnull), {})
        try:
            service.wait_for()
            yield service
        finally:
            end(process)


def sign_in_and_read(service: Service, requests: int) -> None:
    with service.client() as client:
        assert client.get("/auth/dev/login", follow_redirects=False).status_code == 302
        for _ in range(requests):
            assert client.get("/auth/me").status_code == 200
    assert service.stop() == 0


def test_a_log_that_nobody_reads_holds_up_no_request_and_no_stop(database: str) -> None:
    reader, writer = os.pipe()
    with serving_into(writer, database) as service:
        # The pipe is full after some 230 lines.
        sign_in_and_read(service, requests=1000)
    os.close(reader)
    os.close(writer)


def test_a_log_whose_reader_is_gone_fails_no_request(database: str) -> None:
    reader, writer = os.pipe()
    with serving_into(writer, database) as service:
        os.close(writer)
        os.close(reader)
        sign_in_and_read(service, requests=20)


def test_a_service_without_standard_output_serves(database: str) -> None:
    with serving_into("closed", database) as service:
        sign_in_and_read(service, requests=20)


def test_a_request_is_one_line_with_the_fields_that_operators_need(service: Service) -> None:
    line = request(service, "/health?token=hush")
    assert set(line) == {
        *("timestamp", "level", "event", "logger"),
        *("request_id", "method", "route", "path", "status", "duration_ms", "client"),
    }
    assert (line["method"], line["route"], line["path"], line["status"]) == ("GET", "/health", "/health", 200)
    assert 0 <= line["duration_ms"] < 1000


def test_the_line_has_the_template_of_the_route_and_the_requested_path(service: Service) -> None:
    path = f"/api/conversations/{uuid4()}/messages"
    line = request(service, path)
    assert line["route"] == "/api/conversations/{conversation_id}/messages"
    assert (line["path"], line["status"]) == (path, 401)
    nowhere = request(service, "/nowhere")
    assert (nowhere["route"], nowhere["path"], nowhere["status"]) == (None, "/nowhere", 404)


@pytest.mark.parametrize(
    "path",
    [
        *("/api/shared/hush-hush", "/api/shared/hush-hush/", "/api/shared/hush-hush/x", "/shared/hush-hush"),
        *("/api/shared%2Fhush-hush", "/api/shared%252Fhush-hush", "/api/%73hared/hush-hush", "/api/shared%5Chush-hush"),
        *("/API/Shared/hush-hush", "//api//shared//hush-hush", "/en/shared/hush-hush"),
    ],
)
def test_the_token_of_a_shared_link_is_not_logged(service: Service, path: str) -> None:
    assert str(request(service, path)["path"]).lower().endswith("/shared/{token}")
    assert "hush-hush" not in service.log_file.read_text()


def test_no_words_and_no_credentials_of_users_are_logged(service: Service) -> None:
    with service.client() as client:
        email = {"email": "confidential@example.org", "name": "Constance Fidential"}
        client.get("/auth/dev/login", params=email, headers={"User-Agent": "confidential agent"})
        token = client.cookies["plc_session"]
        personal = client.post("/auth/tokens", json={"name": "confidential script"}).json()["token"]
        client.get("/api/conversations", headers={"Authorization": f"Bearer {personal}"})
        client.get(f"/api/conversations/{personal}", headers={"Authorization": f"Bearer {personal}x"})
        answer = client.post("/api/coach/query", json={"query": "Confidential: what is a PLC?"}).json()
        client.get("/api/conversations", params={"cursor": "confidential", "search": "confidential"})
        client.post("/api/coach/query", content=b'{"query": "confidential')
        client.post("/auth/logout", headers={"Referer": "https://confidential.example"})
        client.get(f"/api/conversations/{answer['conversation_id']}")
    wait_for_line(service, event="request", path=f"/api/conversations/{answer['conversation_id']}")
    text = service.log_file.read_text()
    assert "onfidential" not in text
    assert token not in text
    assert personal[4:] not in text
    assert personal[26:68] not in text
    assert answer["response"][:40] not in text


@pytest.mark.parametrize(
    "target",
    [
        '/%0A{"event":"forged"}',
        "/%0D%0A%0D%0Aforged",
        "/%1B[2J%1B]0;forged%07",
        '/"forged"',
        "/%E2%80%A8forged%C2%85forged",
        "/%FF%FEforged",
        "/%ED%A0%80forged",
        "/%00forged",
        "/" + "forged/" * 2000,
    ],
)
def test_no_path_can_split_or_forge_a_line(service: Service, target: str) -> None:
    request_id = uuid4().hex
    with closing(socket.create_connection(("127.0.0.1", service.port), timeout=5)) as line:
        head = f"GET {target} HTTP/1.1\r\nHost: x\r\nX-Request-ID: {request_id}\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode())
        assert line.recv(65536).startswith(b"HTTP/1.1 404")
    logged = wait_for_line(service, request_id=request_id)
    assert re.fullmatch(r"/[!-~]*forged[!-~]*", logged["path"])
    assert (logged["event"], logged["level"]) == ("request", "info")
    assert not [line for line in lines_of(service) if "forged" in line["event"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Request-ID", b'forged","level":"critical'),
        ("X-Request-ID", b"forged\xc2\x85forged"),
        ("X-Request-ID", b"x" * 5000),
        ("User-Agent", b'forged" \xe2\x80\xa8{"event":"forged"}'),
        ("X-Forwarded-For", b'8.8.8.8", "event": "forged'),
        ("X-Forwarded-For", b'fe80::1%forged"\xe2\x80\xa8'),
        ("Host", b"forged\xc2\x85"),
        ("Origin", b"https://forged\xe2\x80\xa8"),
    ],
)
def test_no_header_can_split_or_forge_a_line(service: Service, name: str, value: bytes) -> None:
    path = f"/{uuid4()}"
    headers = {"Host": b"x", name: value}
    with closing(socket.create_connection(("127.0.0.1", service.port), timeout=5)) as line:
        head = b"".join(key.encode() + b": " + text + b"\r\n" for key, text in headers.items())
        line.sendall(f"GET {path} HTTP/1.1\r\n".encode() + head + b"Connection: close\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 40")
    logged = wait_for_line(service, path=path)
    assert (logged["event"], logged["level"]) == ("request", "info")
    assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", logged["request_id"])
    assert not [line for line in lines_of(service) if "forged" in line["event"]]


def test_a_line_is_short_enough_to_reach_a_pipe_in_one_piece(service: Service) -> None:
    path = "/" + "x" * 9000
    assert request(service, path)["path"] != path
    assert max(map(len, service.log_file.read_bytes().splitlines())) < select.PIPE_BUF


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ([], "127.0.0.1"),
        (["8.8.8.8"], "8.8.8.8"),
        (["1.1.1.1, 8.8.8.8, 10.0.0.1"], "8.8.8.8"),
        (["1.1.1.1", "8.8.8.8", "10.0.0.1"], "8.8.8.8"),
        (["10.0.0.9, 2606:4700::1111, 2001:db8::1"], "2606:4700::1111"),
        (["8.8.8.8, unknown"], "127.0.0.1"),
    ],
)
def test_behind_trusted_proxies_the_client_is_the_nearest_untrusted_address(
    service: Service, forwarded: list[str], client: str
) -> None:
    request_id = uuid4().hex
    headers = [("X-Request-ID", request_id), *(("X-Forwarded-For", value) for value in forwarded)]
    httpx.get(f"{service.url}/health", headers=headers)
    assert wait_for_line(service, request_id=request_id)["client"] == client


def test_without_trusted_proxies_the_client_is_the_peer(live: Service) -> None:
    assert request(live, headers={"X-Forwarded-For": "8.8.8.8"})["client"] == "127.0.0.1"


def test_an_unhandled_error_is_logged_with_its_request_id_and_without_the_values_of_rows(service: Service) -> None:
    with service.client() as client:
        client.get("/auth/dev/login")
        response = client.post(
            "/api/coach/query", json={"query": "Whisper: what is a PLC?"}, headers={"X-Request-ID": "whispering"}
        )
    assert response.status_code == 500
    assert response.json()["instance"] == "urn:request:whispering"
    line = wait_for_line(service, event="unhandled error")
    assert (line["level"], line["request_id"]) == ("error", "whispering")
    assert "plccoach_api/coach/runs/start.py" in line["exception"]
    last_lines = line["exception"].splitlines()[-2:]
    assert last_lines == ["psycopg.errors.CheckViolation: SQLSTATE 23514", "in sql/conversations/create.sql"]
    assert wait_for_line(service, event="request", request_id="whispering")["status"] == 500
    assert "Whisper" not in service.log_file.read_text()
    assert "Whisper" not in response.text


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_a_development_service_that_others_reach_warns_that_anyone_may_sign_in(
    start: Callable[..., Service], live_database_url: str, host: str, *, warned: bool
) -> None:
    service = start(DATABASE_URL=live_database_url, HOST=host)
    service.wait_for()
    events = [line["event"] for line in lines_of(service)]
    assert ("whoever reaches this host may sign in as anyone" in events) is warned
