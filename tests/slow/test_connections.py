"""How long the service keeps a connection on which nothing is sent."""

import socket
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.live import Service

# AWS and nginx close an idle connection to a service after this time. Before that, they may send a request on it.
LOAD_BALANCER_SECONDS = 60
REQUEST = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


def test_an_idle_connection_is_kept_for_longer_than_a_load_balancer_keeps_it(
    start: Callable[..., Service], database_url: str
) -> None:
    service = start(DATABASE_URL=database_url)
    service.wait_for()
    with closing(socket.create_connection(("127.0.0.1", service.port), timeout=LOAD_BALANCER_SECONDS + 1)) as line:
        line.sendall(REQUEST)
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        # A closed connection would be read as an empty text.
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.sendall(REQUEST)
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
