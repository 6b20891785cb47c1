"""Fails a run of all tests in which a file of sql/ was never executed, according to the server's log."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from plccoach_api import resources

_NAMED = re.compile(r"/\* (?P<name>[a-z_]+/[a-z0-9_]+) \*/")
# Statements of the application's own tasks, which run beside the requests.
BACKGROUND = {
    "answers/checkpoint",
    "answers/end_abandoned",
    "answers/follow",
    "answers/list_abandoned",
    "answers/list_followed",
    "answers/list_generating",
    "answers/notify",
    "unfinished_answers/delete",
    "unfinished_answers/delete_old",
    "unfinished_answers/list_old",
}


def _log(run_folder: Path) -> Path:
    return run_folder / "data" / "postgres" / "log"


def _named(lines: Iterable[str]) -> list[str]:
    """Returns the names of the executed files in order. A statement that was only prepared leaves no line."""
    return [match["name"] for line in lines if (match := _NAMED.search(line))]


@contextmanager
def recorded(run_folder: Path, database_url: str) -> Iterator[list[str]]:
    """Yields a list. The end of the block adds the lines that the server logged for the database during the block."""
    name = Path(urlsplit(database_url).path).name
    lines: list[str] = []
    with _log(run_folder).open(encoding="utf-8", errors="replace") as log:
        log.seek(0, os.SEEK_END)
        yield lines
        # Each line begins with the name of its database.
        lines.extend(line for line in log if line.startswith(name))


@contextmanager
def statements(run_folder: Path, database_url: str) -> Iterator[list[str]]:
    """Yields a list. The end of the block adds the names of the files that requests executed during the block."""
    found: list[str] = []
    with recorded(run_folder, database_url) as lines:
        yield found
    found.extend(name for name in _named(lines) if name not in BACKGROUND)


@contextmanager
def executions(run_folder: Path, database_url: str, name: str) -> Iterator[Callable[[], int]]:
    """Yields a function that counts how often the file's statement was executed so far."""
    database = Path(urlsplit(database_url).path).name
    with _log(run_folder).open(encoding="utf-8", errors="replace") as log:
        log.seek(0, os.SEEK_END)
        count = 0

        def count_more() -> int:
            nonlocal count
            count += _named(line for line in log if line.startswith(database)).count(name)
            return count

        yield count_more


def files() -> set[str]:
    return {str(path.relative_to(resources.SQL).with_suffix("")) for path in resources.SQL.rglob("*.sql")}


def judge(session: pytest.Session, exitstatus: int, run_folder: Path) -> None:
    """Fails the run when a file was never executed. A run of only some tests is not judged."""
    config = session.config
    some = any(config.getoption(option) for option in ("keyword", "markexpr", "collectonly"))
    complete = not some and config.args == config.getini("testpaths")
    if not (complete and exitstatus == pytest.ExitCode.OK):
        return
    with _log(run_folder).open(encoding="utf-8", errors="replace") as log:
        missing = sorted(files() - set(_named(log)))
    if missing:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(f"never executed: {', '.join(missing)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
