"""A replica of the service, whose log goes through a pipe to a reader that can pause or go away."""

import fcntl
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tests import live
from tests.tools.chaos.stops import faults_of_stop

# A full pipe is reached soon: by default it holds 64 kB.
_PIPE_BYTES = 4096
# A machine that runs other tests may be slow.
_READY_SECONDS = 300.0
_READER_SECONDS = 10.0


class Replica:
    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._settings = settings | {"PORT": str(live.free_port())}
        self._starts = 0
        self.faults: list[str] = []
        self.restart()

    @property
    def service(self) -> live.Service:
        return self._service

    @property
    def reader(self) -> subprocess.Popen[bytes]:
        """The reader of the log."""
        return self._reader

    def restart(self, version: Mapping[str, str] | None = None) -> None:
        """Starts the service, by default this version."""
        self._starts += 1
        folder = self._folder / str(self._starts)
        folder.mkdir(parents=True)
        log_file = folder / "log"
        with log_file.open("wb") as output:
            self._reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=output)
        assert self._reader.stdin
        # The pipe has one writer, the service, and one reader.
        with self._reader.stdin as pipe:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            self._service = live.launch(folder, pipe, log_file, **self._settings, **(version or {}))

    def wait_until_ready(self) -> None:
        self._service.wait_for(seconds=_READY_SECONDS)

    def kill(self) -> None:
        """Kills the service with its workers."""
        self._note_early_end()
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self._service.process.pid)
            for each in [process, *process.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
        self._service.process.wait()
        self._end_reader()

    def stop(self, tell: Callable[[live.Service], None] | None = None) -> None:
        """Tells the service to stop, by default with one SIGTERM, and notes whether it ends in time."""
        self._note_early_end()
        if self._service.process.poll() is None:
            service = self._service
            self.faults += faults_of_stop(service, lambda: tell(service) if tell else service.process.terminate())
        self._end_reader()

    def _note_early_end(self) -> None:
        if (code := self._service.process.poll()) is not None:
            self.faults.append(f"ended by itself with {code}: {self._service.log_file.read_text()[-500:]}")

    def _end_reader(self) -> None:
        """The reader reads the rest of the log, unless it is gone."""
        self._reader.send_signal(signal.SIGCONT)
        try:
            self._reader.wait(_READER_SECONDS)
        except subprocess.TimeoutExpired:
            self.faults.append("a process still holds the log")
            self._reader.kill()
            self._reader.wait()
