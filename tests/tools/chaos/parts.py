"""The parts that are killed and restarted. Each one is a real process and gets no chance to shut down."""

import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

import psutil
import psycopg

from plccoach_api.database import embedded
from tests import live
from tests.tools.bench.systems import ROOT

_STOP_SECONDS = 60.0
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'plccoach-api%'"


class Part(ABC):
    kind: str

    @abstractmethod
    def kill(self) -> None: ...

    @abstractmethod
    def restart(self) -> None: ...


class Program(Part):
    """A module that runs with the same command each time."""

    def __init__(self, kind: str, command: Sequence[str]) -> None:
        self.kind = kind
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


class Replica(Part):
    """A service; its workers are killed with it."""

    kind = "replica"

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._settings = settings | {"PORT": str(live.free_port())}
        self._stack = ExitStack()
        self._starts = 0
        self.restart()

    @property
    def service(self) -> live.Service:
        return self._service

    def kill(self) -> None:
        process = psutil.Process(self._service.process.pid)
        for each in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self._stack.close()

    def restart(self) -> None:
        self._starts += 1
        folder = self._folder / str(self._starts)
        folder.mkdir(parents=True)
        self._service = self._stack.enter_context(live.serving(folder, **self._settings))

    def stop(self) -> None:
        self._stack.close()


class Postgres(Part):
    """A PostgreSQL server. A kill hits all of it, or one backend, after which the server ends every other backend."""

    kind = "database"

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
