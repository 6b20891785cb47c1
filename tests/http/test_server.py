"""Tests that need a running server: limits, message framing, probes, and one complete visit."""

import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import pytest

from plccoach_api.version import VERSION
from tests.live import Service, wait_until

ASK = "/api/coach/query"


def exchange(service: Service, request: bytes, *, seconds: float = 5) -> bytes:
    """Sends raw bytes, and reads until the server closes the connection or has sent the headers."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=seconds) as line:
        line.sendall(request)
        received = b""
        try:
            while chunk := line.recv(65536):
                received += chunk
                if b"\r\n\r\n" in received and b"connection: close" not in received.lower():
                    break
        except (TimeoutError, ConnectionResetError):
            pass
        return received


def status(response: bytes) -> int:
    return int(response.split(b" ", 2)[1])


@pytest.mark.parametrize("path", ["/health", "/api/health"])
def test_health_answers_as_the_contract_says(live: Service, path: str) -> None:
    with live.client() as client:
        response = client.get(path)
        assert client.head(path).status_code == 200
    assert response.status_code == 200
    assert list(response.json().items()) == [
        ("status", "healthy"),
        ("service", "plccoach-api"),
        ("version", VERSION),
    ]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/ready", "/api/ready"])
def test_ready_answers_as_the_contract_says(live: Service, path: str) -> None:
    with live.client() as client:
        assert client.get(path).json() == {"status": "ready", "database": "connected"}
        head = client.head(path)
    assert head.status_code == 200
    assert head.content == b""


def test_the_root_describes_the_service(live: Service) -> None:
    with live.client() as client:
        assert client.get("/").json() == {
            "service": "PLC Coach API",
            "version": VERSION,
            "status": "running",
            "docs": "/docs",
            "try": "/try",
        }


def test_headers_of_16_kib_reach_the_application(live: Service) -> None:
    with live.client() as client:
        response = client.get("/health", headers={f"X-Filler-{n}": "x" * 1000 for n in range(16)})
    assert response.status_code == 200
    assert response.headers["X-Request-ID"]


def test_headers_over_64_kib_are_refused(live: Service) -> None:
    with live.client() as client:
        response = client.get("/health", headers={"X-Filler": "x" * (64 * 1024 + 1)})
    assert response.status_code == 431


def test_a_chunked_body_over_1_mib_is_413(live: Service) -> None:
    with live.client(follow_redirects=False) as client:
        client.get("/auth/dev/login")
        chunks = (b" " * 65536 for _ in range(17))
        response = client.post(ASK, content=chunks, headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.json()["type"] == "urn:problem:body-too-large"


def test_a_content_length_over_1_mib_is_413_before_the_body_is_sent(live: Service) -> None:
    head = f"POST {ASK} HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"
    assert status(exchange(live, head.encode())) == 413


@pytest.mark.parametrize("length", ["1" * 20, "1" * 5000, "-1", "+1", "1.0"])
def test_a_content_length_that_is_no_possible_number_is_refused(live: Service, length: str) -> None:
    head = f"POST {ASK} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
    assert status(exchange(live, head.encode())) in {400, 413}


def test_headers_far_over_64_kib_are_refused(live: Service) -> None:
    request = b"GET /health HTTP/1.1\r\nHost: x\r\nX-Filler: " + b"x" * 400_000 + b"\r\n\r\n"
    assert status(exchange(live, request)) == 431


def test_a_connection_is_closed_after_a_body_with_two_lengths(live: Service) -> None:
    head = b"POST /auth/logout HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert b"connection: close" in exchange(live, head + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").lower()


@pytest.mark.parametrize("hosts", [b"", b"Host:\r\n", b"Host: a\r\nHost: b\r\n"])
def test_a_request_needs_exactly_one_host(live: Service, hosts: bytes) -> None:
    assert status(exchange(live, b"GET /health HTTP/1.1\r\n" + hosts + b"\r\n")) == 400


def test_http_1_0_needs_no_host(live: Service) -> None:
    assert status(exchange(live, b"GET /health HTTP/1.0\r\n\r\n")) == 200


def test_garbage_is_refused(live: Service) -> None:
    assert status(exchange(live, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")) == 400


def test_bodies_that_never_arrive_do_not_block_the_service(live: Service) -> None:
    head = b"POST /auth/logout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    lines = [socket.create_connection(("127.0.0.1", live.port)) for _ in range(100)]
    try:
        for line in lines:
            line.sendall(head)
        with live.client() as client:
            assert client.get("/health").elapsed.total_seconds() < 1
    finally:
        for line in lines:
            line.close()


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (CHUNKED, b"zz\r\n{}\r\n0\r\n\r\n"),
        (CHUNKED, b"2\r\n{}XX\r\n0\r\n\r\n"),
        (CHUNKED, b"-1\r\n{}\r\n0\r\n\r\n"),
        (CHUNKED, b"f" * 18 + b"\r\n{}\r\n"),
        (CHUNKED, b'50\r\n{"que'),
        (CHUNKED, b'2\r\n{"\r\n'),
        ("Content-Length: 100", b'{"query":'),
        ("Content-Length: 100", b""),
    ],
)
@pytest.mark.parametrize("leaves", [False, True])
def test_a_body_that_is_damaged_or_incomplete_is_400_and_no_error_of_the_service(
    live: Service, header: str, body: bytes, *, leaves: bool
) -> None:
    request_id = uuid4().hex
    with live.client(follow_redirects=False) as client:
        cookie = client.get("/auth/dev/login").headers["Set-Cookie"].partition(";")[0]
    head = f"POST {ASK} HTTP/1.1\r\nHost: x\r\nX-Request-ID: {request_id}\r\nCookie: {cookie}\r\n{header}\r\n"
    with socket.create_connection(("127.0.0.1", live.port), timeout=5) as line:
        line.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
        if not leaves:
            line.shutdown(socket.SHUT_WR)
            assert status(line.recv(65536)) == 400
    wait_until(lambda: bool(lines_of(live, request_id)), "the request is logged", seconds=5)
    [logged] = lines_of(live, request_id)
    assert (logged["event"], logged["status"]) == ("request", 400)


TOKEN = f"{'Zq7-_x' * 7}A"
TOKEN_PATHS = (
    *(f"/api/shared/{TOKEN}", f"/api/shared/{TOKEN}/x", f"/shared/{TOKEN}", f"//api/shared/{TOKEN}", f"/{TOKEN}"),
    *(f"/api/share/{TOKEN}", f"/api/conversations/{TOKEN}/export", f"/api/shared%2F{TOKEN}", f"/sharing={TOKEN}"),
    *(f"/api/shared/{TOKEN.replace('Z', '%5A')}", f"/x/{TOKEN.replace('Z', '%5A')}", f"/health/{TOKEN}/"),
    *(f"/health?token={TOKEN}", f"/api/conversations?cursor={TOKEN}", f"/api/admin/users?search={TOKEN}"),
)


@pytest.mark.parametrize("target", TOKEN_PATHS)
def test_a_share_token_is_not_logged_wherever_it_is_sent(live: Service, target: str) -> None:
    request_id = uuid4().hex
    with live.client(follow_redirects=False) as client:
        client.get("/auth/dev/login", params={"email": "token@example.org", "role": "admin"})
        headers = {"Referer": f"{live.url}/shared/{TOKEN}", "User-Agent": TOKEN, "X-Request-ID": request_id}
        client.get(target, headers=headers | {"If-None-Match": TOKEN, "Last-Event-ID": TOKEN})
        client.post(ASK, json={"query": "?", TOKEN: TOKEN, "conversation_id": TOKEN}, headers=headers)
    wait_until(lambda: len(lines_of(live, request_id)) == 2, "both requests are logged", seconds=5)
    assert "Zq7" not in live.log_file.read_text()


def lines_of(service: Service, request_id: str) -> list[dict[str, Any]]:
    """Returns the complete lines of the log that belong to a request."""
    text = service.log_file.read_text().rpartition("\n")[0]
    return [json.loads(line) for line in text.splitlines() if request_id in line]


def test_an_educator_signs_in_asks_and_finds_the_conversations_again(live: Service) -> None:
    question = "What are the four critical questions of a PLC?"
    with live.client(follow_redirects=False) as client:
        login = client.get("/auth/dev/login", params={"email": "tour@example.org", "name": "Tess Tour"})
        assert (login.status_code, login.headers["Location"]) == (302, "http://localhost:5173/dashboard")
        assert client.get("/auth/me").json()["name"] == "Tess Tour"
        answer = client.post(ASK, json={"query": question}).json()
        assert answer["kind"] == "answer"
        assert "[1]" in answer["response"]
        refusal = client.post(ASK, json={"query": "What is the capital of France?"}).json()
        assert (refusal["kind"], refusal["citations"]) == ("refusal", [])
        listed = client.get("/api/conversations").json()["items"]
        assert [item["id"] for item in listed] == [refusal["conversation_id"], answer["conversation_id"]]
        assert client.post("/auth/logout").json() == {"message": "Logged out successfully"}
        assert client.get("/auth/me").status_code == 401


def test_a_connection_stays_open_for_the_next_request(live: Service) -> None:
    with closing(HTTPConnection("127.0.0.1", live.port, timeout=5)) as connection:
        connection.connect()
        # Without this the client would open another connection by itself.
        connection.auto_open = 0
        for _ in range(3):
            connection.request("GET", "/health")
            response = connection.getresponse()
            response.read()
            assert response.status == 200
