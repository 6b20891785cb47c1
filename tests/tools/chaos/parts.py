"""The parts that are killed and brought back: each is a real process, and dies without being asked."""

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
_SERVING = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'plccoach-api%'"


class Part(ABC):
    kind: str

    @abstractmethod
    def kill(self) -> None: ...

    @abstractmethod
    def bring_back(self) -> None: ...


class Program(Part):
    """A module that is run, always in the same way."""

    def __init__(self, kind: str, command: Sequence[str]) -> None:
        self.kind = kind
        self._command = [sys.executable, "-m", *command]
        self.bring_back()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def bring_back(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=live.environment(), stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """Lets it end what it is at, for a while."""
        live.end(self._process, _STOP_SECONDS)


class Replica(Part):
    """A service with one worker; killed, its workers die with it."""

    kind = "replica"

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._settings = settings | {"PORT": str(live.free_port())}
        self._stack = ExitStack()
        self._starts = 0
        self.bring_back()

    @property
    def service(self) -> live.Service:
        return self._service

    def kill(self) -> None:
        process = psutil.Process(self._service.process.pid)
        for each in [process, *process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self._stack.close()

    def bring_back(self) -> None:
        self._starts += 1
        folder = self._folder / str(self._starts)
        folder.mkdir(parents=True)
        self._service = self._stack.enter_context(live.serving(folder, **self._settings))

    def stop(self) -> None:
        self._stack.close()


class Postgres(Part):
    """A server of our own, whose processes are killed: all at once, or one, for which the server ends all others."""

    kind = "database"

    def __init__(self, data_dir: Path, url: str, random: Random) -> None:
        self._data_dir = data_dir
        self._url = url
        self._random = random

    def kill(self) -> None:
        if self._random.random() < 0.5 and (serving := self._serving()):
            psutil.Process(self._random.choice(serving)).kill()
            return
        postmaster = psutil.Process(int((self._data_dir / "postgres/postmaster.pid").read_text().split("\n")[0]))
        # What `pg_ctl stop -m immediate` does: nothing is written, and the next start recovers from the log.
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(10)

    def _serving(self) -> list[int]:
        """The processes that serve the replicas."""
        with suppress(psycopg.OperationalError), psycopg.connect(self._url) as connection:
            return [pid for (pid,) in connection.execute(_SERVING)]
        return []

    def bring_back(self) -> None:
        # Who holds the folder in use keeps the server that this leaves running.
        with embedded.running(self._data_dir):
            pass
