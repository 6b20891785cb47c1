"""Fails a whole run in which a file of sql/ was never executed, judged by the server's own log."""

import re
from pathlib import Path

import pytest

from plccoach_api import resources

_NAMED = re.compile(r"/\* (?P<name>[a-z_]+/[a-z0-9_]+) \*/")


def lines(run_folder: Path, database: str = "") -> list[str]:
    """What the run's server has logged, perhaps of one database only: each line begins with the database's name."""
    log = (run_folder / "data" / "postgres" / "log").read_text("utf-8", errors="replace")
    return [line for line in log.splitlines() if line.startswith(database)]


def statements(run_folder: Path, database: str = "") -> list[str]:
    """The files whose statements the server was given, in order. Only preparing one leaves no line."""
    return [match["name"] for line in lines(run_folder, database) if (match := _NAMED.search(line))]


def files() -> set[str]:
    return {str(path.relative_to(resources.SQL).with_suffix("")) for path in resources.SQL.rglob("*.sql")}


def judge(session: pytest.Session, exitstatus: int) -> None:
    """Judges only a run of everything, and only once, in the process that leads it."""
    config = session.config
    whole = not (
        config.getoption("keyword") or config.getoption("markexpr") or config.args != config.getini("testpaths")
    )
    leads = not hasattr(config, "workerinput")
    if not (leads and whole and exitstatus == pytest.ExitCode.OK):
        return
    run_folder: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    missing = sorted(files() - set(statements(run_folder)))
    if missing:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(f"never executed: {', '.join(missing)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
