"""Serves the metrics of all processes at METRICS_HOST and METRICS_PORT, from a thread of the supervisor."""

import os
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plccoach_api import logs, metrics, threads
from plccoach_api.server import granian
from plccoach_api.server.workers import Workers
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_PATH = "/metrics"
_READ_SECONDS = 5
_MOST_CONNECTIONS = 8
# Linux keeps the files of this folder in memory. On a full disk, writing to a file that is mapped into memory would
# kill the process.
_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is private to this user


@contextmanager
def serving(settings: Settings) -> Iterator[Workers | None]:
    """Serves while the block runs, and yields the object to which each new worker is added; without METRICS_PORT, None.

    Raises AddressUnavailable.
    """
    if settings.metrics_port is None:
        yield None
        return
    address = granian.resolve_address(settings.metrics_host, settings.metrics_port, "METRICS_HOST", "METRICS_PORT")
    workers = Workers()
    with _new_folder() as folder:
        # prometheus-client reads this when it is imported. The workers inherit it.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        from prometheus_client import CollectorRegistry  # noqa: PLC0415 - only with METRICS_PORT

        from plccoach_api.server.metrics_folder import MetricsFolder  # noqa: PLC0415 - the same

        metrics.enable()
        metrics.BUILD.set(1, settings.app_version)
        registry = CollectorRegistry()
        registry.register(MetricsFolder(folder, workers.take_ended))
        server = _Server(address, settings.metrics_port, partial(_Handler, registry))
        threads.start(server.serve_forever, name="metrics")
        try:
            yield workers
        finally:
            server.shutdown()
            server.server_close()


@contextmanager
def _new_folder() -> Iterator[Path]:
    """Yields a folder that is empty at each start, and removes it afterwards."""
    parent = _MEMORY if _is_writable(_MEMORY) else None
    with TemporaryDirectory(prefix="plccoach-metrics-", dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _is_writable(folder: Path) -> bool:
    try:
        with TemporaryDirectory(dir=folder):
            return True
    except OSError:
        return False


class _Server(ThreadingHTTPServer):
    """Answers a few connections at once, so that clients that send nothing cannot start any number of threads."""

    daemon_threads = True

    def server_bind(self) -> None:
        """Binds without the look-up of the host's full name in the base class, which waits for a slow DNS server."""
        socketserver.TCPServer.server_bind(self)

    def __init__(self, address: str, port: int, handler: Any) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._places = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__((address, port), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stays silent, instead of printing a traceback: the client has gone away."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _READ_SECONDS
    server_version = "plccoach-api"
    sys_version = ""

    def __init__(self, registry: Any, *arguments: Any) -> None:
        self._registry = registry
        super().__init__(*arguments)

    def do_GET(self) -> None:
        from prometheus_client import exposition  # noqa: PLC0415 - only with METRICS_PORT

        if self.path.partition("?")[0] != _PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        encode, content_type = exposition.choose_encoder(self.headers.get("Accept", ""))
        try:
            body = encode(self._registry)
        except Exception:  # noqa: BLE001 - the next scrape may succeed
            _log.exception("metrics could not be read")
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Logs nothing: a scrape every few seconds is not worth a line."""
