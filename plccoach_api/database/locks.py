"""Advisory locks for work that only one process of all replicas may do at a time.

A lock is held on a direct connection of its own. It ends with the connection, so a killed process holds no lock.
A pooler would keep the session, and the lock with it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum

import psycopg

_POLL_SECONDS = 0.1


class Lock(IntEnum):
    """The keys of the locks: "plc" and an abbreviation in ASCII, so that no other program uses them by chance."""

    migration = 0x706C63_6D6967
    maintenance = 0x706C63_6D6E74
    ingest = 0x706C63_626F6F6B


@contextmanager
def acquire(database: str, lock: Lock) -> Iterator[None]:
    """Waits until the lock is free, and holds it during the block.

    The lock is polled. Waiting for it inside PostgreSQL would deadlock with a holder that runs CREATE INDEX
    CONCURRENTLY, because that command waits for all other transactions, including the waiting transaction.
    """
    with _connect(database, lock) as connection:
        while not _try_lock(connection, lock):
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            _release(connection, lock)


@contextmanager
def try_acquire(database: str, lock: Lock) -> Iterator[bool]:
    """Yields True and holds the lock during the block if the lock is free, else yields False."""
    with _connect(database, lock) as connection:
        is_held = _try_lock(connection, lock)
        try:
            yield is_held
        finally:
            if is_held:
                _release(connection, lock)


def _connect(database: str, lock: Lock) -> psycopg.Connection:
    name = f"plccoach-api {lock.name} lock"
    return psycopg.connect(database, autocommit=True, connect_timeout=5, application_name=name)


def _try_lock(connection: psycopg.Connection, lock: Lock) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (lock.value,)).fetchone()
    return row is not None and row[0]


def _release(connection: psycopg.Connection, lock: Lock) -> None:
    """Releases a lock at once: the server notices only a moment later that a connection was closed."""
    # With a lost connection, the lock is lost too.
    with suppress(psycopg.Error):
        connection.execute("SELECT pg_advisory_unlock(%s)", (lock.value,))
