"""What the service takes while it is loaded: its connections, as PostgreSQL counts them, memory and processor time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import psycopg

from tests.tools.bench.systems import System, largest

# Seldom, and at nothing but the workers: looking takes processor time from them, and from the readers of this process.
_EVERY_SECONDS = 1.0
_COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plccoach-api'"


@dataclass(slots=True)
class Taken:
    before: float
    """Resident megabytes of the largest worker, before the load; at most, during it; a while after it."""
    most: float = 0.0
    connections: int = 0
    """At most, of all workers together."""
    processor: float = 0.0
    """Seconds, of all workers together."""


@contextmanager
def watched(system: System, database: str) -> Iterator[Taken]:
    workers = system.workers()
    taken, ended = Taken(largest(workers)), threading.Event()
    began = _processor(workers)

    def watch() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            while not ended.wait(_EVERY_SECONDS):
                row = connection.execute(_COUNT).fetchone()
                taken.connections = max(taken.connections, row[0] if row else 0)
                taken.most = max(taken.most, largest(workers))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield taken
    finally:
        ended.set()
        thread.join()
        taken.processor = _processor(workers) - began


def _processor(workers: list[psutil.Process]) -> float:
    return sum(float(times.user + times.system) for times in (worker.cpu_times() for worker in workers))
