"""How granian serves the application: one process that supervises, WORKERS that answer.

granian is called directly. The `run` command that litestar-granian adds puts a supervisor of its
own around it, which signals the workers together with granian's main process; whichever is first
decides whether a clean stop is reported as a crash, and a killed supervisor leaves the rest behind.
"""

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from plccoach_api import logs, resources
from plccoach_api.settings import Settings

# The server stops reading headers somewhere above this; the exact bound is middleware/request_limits.py.
_HEADER_BYTES = 64 * 1024
_HEADER_MILLISECONDS = 10_000
# More than the streams a worker may have open at once.
_CONNECTIONS = 4096
# Left of SHUTDOWN_TIMEOUT after the workers that did not finish have been ended.
_MARGIN_SECONDS = 1


class AddressTaken(Exception):
    """Somebody else listens where we would; the message is a line for the person at the terminal."""


def claim(host: str, port: int) -> str:
    """The address to listen on, for granian knows no names.

    Fails early and in one line where the server would fail late and in many.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AddressTaken(f"cannot listen on HOST {host!r}, PORT {port}: {error.strerror}") from error
    return str(address[0])


def serve(settings: Settings, *, address: str, reload: bool, readable: bool) -> None:
    """Returns when it was told to stop; exits with 1 when the workers keep failing."""
    # A forked worker would inherit this process's signal handlers and the locks its threads hold.
    multiprocessing.set_start_method("spawn", force=True)
    # For the workers: each of their threads would have a heap of its own, which keeps what once was in it.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    server = Server(
        "plccoach_api.server.worker:create",
        factory=True,
        interface=Interfaces.ASGI,
        address=address,
        port=settings.port,
        workers=settings.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        http1_settings=HTTP1Settings(max_buffer_size=_HEADER_BYTES, header_read_timeout=_HEADER_MILLISECONDS),
        backlog=_CONNECTIONS,
        backpressure=_CONNECTIONS,
        log_level=LogLevels(settings.log_level.lower()),
        log_dictconfig=logs.for_granian(level=settings.log_level, readable=readable),
        workers_kill_timeout=settings.shutdown_timeout - _MARGIN_SECONDS,
        respawn_failed_workers=not reload,
        respawn_interval=0.5,
        reload=reload,
        reload_paths=[Path(__file__).parents[1], resources.SQL],
        reload_ignore_worker_failure=True,
        process_name="plccoach-api",
    )
    try:
        server.serve()
    except SystemExit:
        # A worker that a Ctrl-C met before it could leave the terminal looks like a crash.
        if not server.interrupt_signal:
            raise


def leave_terminal() -> None:
    """Keeps a Ctrl-C from this worker: it is for the supervisor, which then stops the workers.

    granian's handler must not run twice in a worker; the second time it waits for itself.
    """
    os.setpgid(0, 0)


def end_with_supervisor() -> None:
    """Ends this worker when the process that supervises it dies, so that a `kill -9` frees the port."""
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.remove_reader(supervisor.sentinel)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(supervisor.sentinel, end)


def when_told_to_stop(act: Callable[[], None]) -> None:
    """Has this worker do something at SIGTERM, when the server only stops listening and waits for open streams.

    The loop hears of a signal through a file that the interpreter writes to whatever its handler is,
    so the server still gets to know of it.
    """
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGTERM)

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, handle)
    signal.siginterrupt(signal.SIGTERM, False)
