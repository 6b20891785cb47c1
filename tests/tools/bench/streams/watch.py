"""The resources that the service uses under load: connections, as PostgreSQL counts them, memory, processor time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import psycopg

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
    processor: float = 0.0
    """The processor seconds of all workers together."""


@contextmanager
def watched(system: System, database: str) -> Iterator[Usage]:
    workers = system.workers()
    usage, ended = Usage(largest(workers)), threading.Event()
    began = _processor(workers)

    def watch() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            while not ended.wait(_EVERY_SECONDS):
                row = connection.execute(_COUNT).fetchone()
                usage.connections = max(usage.connections, row[0] if row else 0)
                usage.most = max(usage.most, largest(workers))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield usage
    finally:
        ended.set()
        thread.join()
        usage.processor = _processor(workers) - began


def _processor(workers: list[psutil.Process]) -> float:
    return sum(float(times.user + times.system) for times in (worker.cpu_times() for worker in workers))
