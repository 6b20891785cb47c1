"""Advisory locks: what one process among all replicas does at a time.

A lock is held on a connection of its own and ends with it, so that a killed process holds nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import psycopg

_POLL_SECONDS = 0.1


class Lock(IntEnum):
    """Any numbers that nothing else here locks: "plc" and a word."""

    migration = 0x706C63_6D6967
    maintenance = 0x706C63_6D6E74
    ingest = 0x706C63_626F6F6B


@contextmanager
def held(database: str, lock: Lock) -> Iterator[None]:
    """Waits until the lock is free, and holds it.

    It polls: waiting inside PostgreSQL for a lock whose holder runs CREATE INDEX CONCURRENTLY
    deadlocks, because that waits for every transaction to end, ours among them.
    """
    with _connection(database, lock) as connection:
        while not _taken(connection, lock):
            time.sleep(_POLL_SECONDS)
        yield


@contextmanager
def tried(database: str, lock: Lock) -> Iterator[bool]:
    """Whether the lock was free; if so it is held."""
    with _connection(database, lock) as connection:
        yield _taken(connection, lock)


def _connection(database: str, lock: Lock) -> psycopg.Connection:
    name = f"plccoach-api {lock.name} lock"
    return psycopg.connect(database, autocommit=True, connect_timeout=5, application_name=name)


def _taken(connection: psycopg.Connection, lock: Lock) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (lock.value,)).fetchone()
    return row is not None and row[0]
