"""The parts of a deployment that are killed and restarted: all are real processes that get no chance to shut down."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Protocol

import psutil
import psycopg

from plccoach_api.database import embedded
from tests import live
from tests.tools.bench.systems import ROOT

_STOP_SECONDS = 60.0
_RECOVERY_SECONDS = 60.0
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'plccoach-api%'"


class Part(Protocol):
    def kill(self) -> None: ...

    def restart(self) -> None: ...


class Program:
    """A module that runs with the same command each time."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = [sys.executable, "-m", *command]
        self.restart()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=live.environment(), stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """Sends SIGTERM and waits; kills the process when it takes too long."""
        live.end(self._process, _STOP_SECONDS)


class Postgres:
    """A PostgreSQL server. A kill hits all of it, or one backend, after which the server ends every other backend."""

    def __init__(self, data_dir: Path, url: str, random: Random) -> None:
        self._data_dir = data_dir
        self._url = url
        self._random = random

    def kill(self) -> None:
        if self._random.random() < 0.5 and (backends := self._backends()):
            psutil.Process(self._random.choice(backends)).kill()
            return
        postmaster = psutil.Process(int((self._data_dir / "postgres/postmaster.pid").read_text().split("\n")[0]))
        # The signal of `pg_ctl stop -m immediate`: the server writes nothing, and its next start recovers from the WAL.
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(10)

    def _backends(self) -> list[int]:
        """Returns the ids of the processes that serve the replicas."""
        with suppress(psycopg.OperationalError), psycopg.connect(self._url) as connection:
            return [pid for (pid,) in connection.execute(_BACKENDS)]
        return []

    def restart(self) -> None:
        # The server keeps running after this block, because the run itself still uses the folder.
        with embedded.running(self._data_dir):
            pass

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Makes every transaction that begins in the block read-only, also those on open connections."""
        self._execute("ALTER SYSTEM SET default_transaction_read_only = on")
        try:
            yield
        finally:
            self._execute("ALTER SYSTEM RESET default_transaction_read_only")

    def _execute(self, statement: str) -> None:
        """Waits while the server recovers from an earlier kill."""
        deadline = time.monotonic() + _RECOVERY_SECONDS
        while True:
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    connection.execute(statement.encode())
                    connection.execute("SELECT pg_reload_conf()")
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return
