"""The statements of one request, read from PostgreSQL's log."""

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
# A pool may reset a connection after the response was sent.
_RESET_SECONDS = 0.2


@contextmanager
def logging(database: str) -> Iterator[None]:
    """Makes the server log every statement. Nothing is measured inside this block: logging costs time."""
    _configure(database, "SET log_statement = 'all'")
    try:
        yield
    finally:
        _configure(database, "RESET log_statement")


def statements(system: System, row: Request, log: Path) -> list[str]:
    """Returns the names of the statements' files in the order of execution; the text of a statement without a file.

    Statements of background tasks are left out: they may come from another application on the same database.
    The request is sent twice and counted the second time, because the first may do work that is not done for each
    request, such as storing the time of a session's last use.
    """
    _ask(system, row)
    before = log.stat().st_size
    _ask(system, row)
    with log.open("rb") as file:
        file.seek(before)
        written = file.read().decode("utf-8", errors="replace")
    # The pool checks an idle connection with an empty statement.
    texts = [match["text"] for match in _LINE.finditer(written) if match["text"]]
    named = (found["name"] if (found := _NAME.match(text)) else text.rstrip(";") for text in texts)
    return [name for name in named if name not in sql_coverage.BACKGROUND]


def _ask(system: System, row: Request) -> None:
    load.try_once(system.url, row)
    time.sleep(_RESET_SECONDS)


def _configure(database: str, change: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM {change}".encode())
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(_RELOAD_SECONDS)
