"""The database server of a benchmark whose data are larger than PostgreSQL's default memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from plccoach_api.database import embedded


@contextmanager
def large(data: Path) -> Iterator[str]:
    """Runs a server with as much memory as a production server has, and yields its URL."""
    with embedded.running(data) as url, psycopg.connect(url, autocommit=True) as connection:
        # The server reads the setting only when it starts.
        connection.execute("ALTER SYSTEM SET shared_buffers = '2GB'")
    with embedded.running(data) as url:
        yield url
