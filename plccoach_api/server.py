"""How granian serves the application: one process that supervises, WORKERS that answer."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from plccoach_api import logs, resources
from plccoach_api.settings import Settings

APPLICATION = "plccoach_api.asgi:create"

# Over this, headers are refused; 16 KiB of them must reach the application.
_HEADER_BYTES = 64 * 1024
# Left of SHUTDOWN_TIMEOUT for the supervisor, after it has ended the workers that did not finish.
_MARGIN_SECONDS = 1


class AddressTaken(Exception):
    """Somebody else listens where we would; the message is a line for the person at the terminal."""


def claim(host: str, port: int) -> None:
    """Fails early and clearly where the server would fail late and in many lines."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AddressTaken(f"cannot listen on HOST {host!r}, PORT {port}: {error.strerror}") from error


@contextmanager
def arguments(settings: Settings, *, reload: bool, readable: bool) -> Iterator[list[str]]:
    """The command line of litestar-granian's `run`, valid while the context lasts: it names a temporary file."""
    with NamedTemporaryFile("w", suffix=".json", prefix="plccoach-api-logging-") as log_config:
        json.dump(logs.for_granian(level=settings.log_level, readable=readable), log_config)
        log_config.flush()
        yield [
            f"--host={settings.host}",
            f"--port={settings.port}",
            f"--workers={settings.workers}",
            "--http=1",
            "--no-ws",
            "--loop=uvloop",
            f"--http1-buffer-size={_HEADER_BYTES}",
            "--http1-header-read-timeout=10000",
            "--backlog=2048",
            "--backpressure=2048",
            f"--workers-kill-timeout={settings.shutdown_timeout - _MARGIN_SECONDS}",
            f"--granian-log-level={_granian_level(settings.log_level)}",
            f"--log-config={log_config.name}",
            *(_reload_arguments() if reload else ["--respawn-failed-workers", "--respawn-interval=0.5"]),
        ]


def _reload_arguments() -> list[str]:
    folders = [Path(__file__).parent, resources.SQL]
    return ["--reload", *(f"--reload-paths={folder}" for folder in folders), "--reload-ignore-worker-failure"]


def _granian_level(level: str) -> str:
    return level.lower()
