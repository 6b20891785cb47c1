"""Runs a command as a process, and looks at the rows that it leaves."""

import subprocess
from pathlib import Path
from typing import Any

import psycopg

from tests.live import COMMAND, environment


def run(database_url: str, *arguments: str, cwd: Path, reply: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs `plccoach-api` with the arguments. `reply` is its standard input."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(DATABASE_URL=database_url),
        cwd=cwd,
        input=reply,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(query.encode()).fetchall()
