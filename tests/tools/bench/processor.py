"""Reads the processor time of processes: what a request costs, however busy the machine is."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time, of the worker and of PostgreSQL."""

    worker: float
    database: float

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.worker - other.worker, self.database - other.database)

    def of_each(self, requests: int) -> "Cost":
        return Cost(self.worker / requests, self.database / requests)


class Meter:
    """Reads what a system's workers and the database server have used so far."""

    def __init__(self, workers: Sequence[psutil.Process], data: Path) -> None:
        """`data` is the folder in which the server was started; it holds one server."""
        [file] = data.rglob("postmaster.pid")
        self._server = psutil.Process(int(file.read_text().split()[0]))
        self._workers = workers

    def read(self) -> Cost:
        return Cost(_used(self._workers), _used([self._server, *self._server.children()]))


def _used(processes: Sequence[psutil.Process]) -> float:
    """Returns milliseconds. The server's own count includes the backends that have ended."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return 1000 * total
