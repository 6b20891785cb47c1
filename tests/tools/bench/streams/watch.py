"""The resources that the service uses under load: connections, as PostgreSQL counts them, memory, processor time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.tools.bench.processor import Cost, Meter
from tests.tools.bench.systems import System, largest

# Polling is rare and covers only the workers: each poll takes processor time from them and from the readers here.
_EVERY_SECONDS = 1.0
_COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plccoach-api'"


@dataclass(slots=True)
class Usage:
    before: float
    """The resident megabytes of the largest worker before the load."""
    most: float = 0.0
    """The largest such number during the load."""
    connections: int = 0
    """The largest number of connections of all workers together."""
    samples: list[tuple[float, Cost]] = field(default_factory=list)
    """The processor time so far, of all workers together and of PostgreSQL, after the moment in `time.perf_counter`."""

    def between(self, begin: float, end: float) -> tuple[float, float, Cost] | None:
        """Returns the moments of the first and the last sample in a period, and what was used between them."""
        inside = [(at, used) for at, used in self.samples if begin <= at <= end]
        if len(inside) < 2:
            return None
        (first, before), (last, after) = inside[0], inside[-1]
        return first, last, after - before


@contextmanager
def watched(system: System, database: str, data: Path) -> Iterator[Usage]:
    """`data` is the folder of the database server."""
    workers = system.workers()
    usage, ended, meter = Usage(largest(workers)), threading.Event(), Meter(workers, data)

    def sample() -> None:
        usage.samples.append((time.perf_counter(), meter.read()))

    def watch() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            while not ended.wait(_EVERY_SECONDS):
                row = connection.execute(_COUNT).fetchone()
                usage.connections = max(usage.connections, row[0] if row else 0)
                usage.most = max(usage.most, largest(workers))
                sample()

    sample()
    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield usage
    finally:
        ended.set()
        thread.join()
        sample()
