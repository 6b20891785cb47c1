"""The statements of one request, as PostgreSQL's own log has them."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import sql_coverage
from tests.tools.bench import load
from tests.tools.bench.load import Request
from tests.tools.bench.systems import System

_LINE = re.compile(r"LOG:  (?:statement|execute [^:]*): (?P<text>.*)")
_NAME = re.compile(r"/\* (?P<name>\w+/\w+) \*/")
# Every server process reads its settings again before its next statement.
_RELOAD_SECONDS = 0.5
# A pool may tidy up a connection when the answer has gone out already.
_TIDY_SECONDS = 0.2


@contextmanager
def logging(database: str) -> Iterator[None]:
    """Has the server log every statement; not while anything is measured."""
    _configure(database, "SET log_statement = 'all'")
    try:
        yield
    finally:
        _configure(database, "RESET log_statement")


def statements(system: System, row: Request, log: Path) -> list[str]:
    """By the names of their files, or by their words where they have none, in their order.

    Without what an application does beside its requests, which may be another's of the same database.
    The first request of two does what is done only now and then, such as noting that a session is in use.
    """
    _ask(system, row)
    before = log.stat().st_size
    _ask(system, row)
    with log.open("rb") as file:
        file.seek(before)
        written = file.read().decode("utf-8", errors="replace")
    # The probe of a connection that has lain idle is an empty statement.
    texts = [match["text"] for match in _LINE.finditer(written) if match["text"]]
    named = (found["name"] if (found := _NAME.match(text)) else text.rstrip(";") for text in texts)
    return [name for name in named if name not in sql_coverage.BACKGROUND]


def _ask(system: System, row: Request) -> None:
    load.try_once(system.url, row)
    time.sleep(_TIDY_SECONDS)


def _configure(database: str, change: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM {change}".encode())
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(_RELOAD_SECONDS)
