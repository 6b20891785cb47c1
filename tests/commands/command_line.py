"""Runs a command as a process, and looks at the rows that it leaves."""

from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import psycopg

from tests.commands import forked
from tests.live import environment


def run(database_url: str, *arguments: str, cwd: Path, reply: str | None = None) -> CompletedProcess[str]:
    """Runs `plccoach-api` with the arguments. `reply` is its standard input."""
    return forked.run(arguments, env=environment(DATABASE_URL=database_url), cwd=cwd, reply=reply)


def rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(query.encode()).fetchall()
