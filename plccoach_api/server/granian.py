"""Serves the application with granian: one supervisor, and as many worker processes as WORKERS says.

granian is called directly. The `run` command of litestar-granian starts an outer supervisor, which signals granian
and its workers at the same time. So a clean stop may be reported as a crash. When the outer supervisor is killed,
granian and the workers keep running. See docs/decisions/server.md.
"""

import multiprocessing
import os
import signal
import socket
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

from plccoach_api import resources
from plccoach_api.logs import configuration
from plccoach_api.server import signals
from plccoach_api.server.signals import StopEvent
from plccoach_api.server.workers import Workers
from plccoach_api.settings import Settings

# granian stops reading headers somewhere above this size; middleware/request_limits.py has the exact limit.
_HEADER_BYTES = 64 * 1024
# Also the time until an idle connection is closed. A load balancer that sends a request on a connection at that moment
# reports 502, so it has to close its connections first: by default those of AWS and nginx do so after 60 s.
_HEADER_MILLISECONDS = 75_000
# More than the streams that one worker may have open.
_MAX_CONNECTIONS = 4096
# The part of SHUTDOWN_TIMEOUT that is left for the supervisor after it has killed unfinished workers.
_SUPERVISOR_SECONDS = 1
_ANNOUNCE_SECONDS = 0.1


class AddressUnavailable(Exception):
    """The service cannot listen on an address of the settings; the message is one line for the terminal."""


def resolve_address(host: str, port: int, host_name: str = "HOST", port_name: str = "PORT") -> str:
    """Returns the IP address to listen on, because granian does not resolve names.

    `host_name` and `port_name` are the settings. Raises AddressUnavailable when the address is in use, because each
    worker would fail with a traceback, again and again.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AddressUnavailable(
            f"cannot listen on {host_name} {host!r}, {port_name} {port}: {error.strerror}"
        ) from error
    return str(address[0])


class _Supervisor(MPServer):
    """granian's supervisor, with signal handlers that never interrupt each other, and with a delay after SIGTERM."""

    def __init__(self, *arguments: Any, shutdown_delay: int, started: Workers | None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._shutdown_delay = shutdown_delay
        self._started = started
        self._delays = False
        self._stop_event = StopEvent(on_signal=self._stop)
        self.main_loop_interrupt = self._stop_event  # type: ignore[assignment] # granian calls only methods it has
        self.signal_handler_interrupt = self._stop_event.handler  # type: ignore[method-assign]

    def _stop(self, number: int) -> None:
        # A Ctrl-C comes from a developer, who does not wait for a load balancer.
        self._delays = number == signal.SIGTERM
        self.interrupt_signal = True

    def _spawn_worker(self, *arguments: Any, **options: Any) -> WorkerProcess:
        worker: WorkerProcess = super()._spawn_worker(*arguments, **options)
        if self._started is not None:
            self._started.add(worker.inner)
        return worker

    def _spawn_workers(self, *arguments: Any) -> None:
        with signals.without_ctrl_c():
            super()._spawn_workers(*arguments)  # type: ignore[no-untyped-call]

    def _respawn_workers(self, *arguments: Any, **options: Any) -> None:
        with signals.without_ctrl_c():
            super()._respawn_workers(*arguments, **options)

    def shutdown(self, exit_code: int = 0) -> None:
        self._stop_event.read_signals()
        self._wait_for_load_balancer()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]

    def _wait_for_load_balancer(self) -> None:
        """Lets the workers answer requests, but not /ready, for SHUTDOWN_DELAY seconds.

        The announcement is repeated, because a worker that is just starting ignores it.
        """
        end = monotonic() + self._shutdown_delay
        while self._delays and monotonic() < end:
            for worker in self.wrks:
                if worker.inner.is_alive():
                    os.kill(worker.inner.pid, signals.STOPPING_SOON)
            sleep(min(_ANNOUNCE_SECONDS, max(end - monotonic(), 0)))
            self._stop_event.read_signals()


def serve(settings: Settings, *, address: str, reload: bool, readable: bool, started: Workers | None = None) -> None:
    """Serves until a signal stops it; exits with 1 when the workers keep failing. Adds each worker to `started`."""
    # A forked worker would inherit this process's signal handlers and the locks its threads hold.
    multiprocessing.set_start_method("spawn", force=True)
    # The workers inherit this. By default each thread has its own heap, and each heap keeps the memory it has freed.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    signals.ignore_stopping_soon()
    server = _Supervisor(
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
        backlog=_MAX_CONNECTIONS,
        backpressure=_MAX_CONNECTIONS,
        log_level=LogLevels(settings.log_level.lower()),
        log_dictconfig=configuration.for_granian(level=settings.log_level, readable=readable),
        shutdown_delay=settings.shutdown_delay,
        started=started,
        workers_kill_timeout=settings.shutdown_timeout - settings.shutdown_delay - _SUPERVISOR_SECONDS,
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
        # granian reports a crash when a Ctrl-C reaches a worker that has not yet detached from the terminal.
        if not server.interrupt_signal:
            raise
    finally:
        # A further signal would end the process with the signal's exit code, though the stop was clean.
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, signal.SIG_IGN)
