"""Starts the systems that are measured: processes that listen on loopback.

Their logs are read through a pipe, as a container's log is.
"""

import argparse
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
# One person asks all questions.
GENEROUS = {"COACH_RATE_LIMIT": "100000", "SIGN_IN_RATE_LIMIT": "100000"}
METERED = "metered"
"""The service with METRICS_PORT. One row shows what the metrics cost."""
METERED_ROW = "/auth/me"

_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class System:
    name: str
    url: str
    started_in: float
    """Seconds from the start of the process to the first `/ready` that answered 200."""
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[psutil.Process]:
        """Returns the processes that answer: the children, or the process itself when it has none."""
        supervisor = psutil.Process(self.process.pid)
        return supervisor.children(recursive=True) or [supervisor]

    def memory(self) -> float:
        return largest(self.workers())


def add_tree_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tree",
        type=_tree,
        action="append",
        default=[],
        metavar="[NAME=]FOLDER",
        help="another checkout with the same schema, measured beside this one; may be given again",
    )


def _tree(value: str) -> tuple[str, Path]:
    name, _, path = value.rpartition("=")
    folder = Path(path).resolve()
    if not (folder / "plccoach_api").is_dir():
        raise argparse.ArgumentTypeError(f"{folder} is no checkout of the service")
    return name or folder.name, folder


def python_of(tree: Path) -> str:
    """Returns the Python of the tree's own virtual environment, or this process's Python where the tree has none."""
    own = tree / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def services(trees: Iterable[tuple[str, Path]], settings: Mapping[str, str]) -> list["Program"]:
    """This checkout's service and those of other checkouts."""
    named = [("service", ROOT), *trees]
    return [Program(name, SERVICE, tree, settings) for name, tree in named]


def metered() -> "Program":
    return Program(METERED, SERVICE, settings=GENEROUS | {"METRICS_PORT": str(free_port())})


def largest(workers: Iterable[psutil.Process]) -> float:
    """Returns the resident megabytes of the largest worker."""
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
        """Starts the system, waits until it is ready, and stops it at the end of the block."""
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
                [python_of(self.tree), "-m", *self.module],
                env=variables,
                cwd=home,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            stack.enter_context(subprocess.Popen(["cat"], stdin=process.stdout, stdout=log))
            if process.stdout:
                process.stdout.close()
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
