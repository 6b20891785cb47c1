"""Starts what is measured: a process that listens on loopback, its log read through a pipe as a container's is."""

import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from tests.live import end, environment, free_port

ROOT = Path(__file__).parents[3]
SERVICE = ("plccoach_api", "serve")
CEILING = ("tests.tools.bench.ceiling",)
RIVAL = ("tests.tools.bench.rival",)
# One person asks more than people do.
GENEROUS = {"COACH_RATE_LIMIT": "100000"}

_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class System:
    name: str
    url: str
    started_in: float
    """Seconds from the start of the process to the first `/ready` that answered 200."""
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[psutil.Process]:
        """The processes that answer; where nobody supervises, it is the one that was started."""
        supervisor = psutil.Process(self.process.pid)
        return supervisor.children(recursive=True) or [supervisor]

    def memory(self) -> float:
        return largest(self.workers())


def largest(workers: Iterable[psutil.Process]) -> float:
    """Resident megabytes of the largest of them."""
    resident: int = max(worker.memory_info().rss for worker in workers)
    return resident / 1_000_000


@dataclass(frozen=True, slots=True)
class Program:
    """`python -m module` of a source tree."""

    name: str
    module: tuple[str, ...]
    tree: Path = ROOT
    settings: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def running(self, database: str, folder: Path) -> Iterator[System]:
        """Serves, and is ready, until the block ends."""
        port = free_port()
        home = folder / self.name
        home.mkdir(exist_ok=True)
        fixed = {
            "ENVIRONMENT": "development",
            "DATABASE_URL": database,
            "PORT": str(port),
            "PYTHONPATH": str(self.tree),
        }
        variables = environment(**{"WORKERS": "1"} | dict(self.settings) | fixed)
        with ExitStack() as stack:
            log = stack.enter_context((home / "log").open("wb"))
            began = time.monotonic()
            process = subprocess.Popen(
                [sys.executable, "-m", *self.module],
                env=variables,
                cwd=home,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            stack.enter_context(subprocess.Popen(["cat"], stdin=process.stdout, stdout=log))
            stack.callback(end, process)
            url = f"http://127.0.0.1:{port}"
            _wait(process, f"{url}/ready", home / "log")
            yield System(self.name, url, time.monotonic() - began, process)


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    with httpx.Client() as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if client.get(url).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.01)
    raise SystemExit(f"bench: {process.args!r} did not become ready:\n{log.read_text()[-3000:]}")
