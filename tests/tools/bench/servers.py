"""The database servers of benchmarks that need more than PostgreSQL's defaults."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg

from plccoach_api.database import embedded


def large(data: Path) -> AbstractContextManager[str]:
    """Runs a server with as much memory as a production server has, and yields its URL."""
    return _running(data, "shared_buffers = '2GB'", "maintenance_work_mem = '2GB'")


def crowded(data: Path) -> AbstractContextManager[str]:
    """Runs a server for the pools of many systems at once, and yields its URL."""
    return _running(data, "max_connections = 300")


@contextmanager
def _running(data: Path, *settings: str) -> Iterator[str]:
    with embedded.running(data) as url, psycopg.connect(url, autocommit=True) as connection:
        # The server reads some settings only when it starts.
        for setting in settings:
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
    with embedded.running(data) as url:
        yield url
