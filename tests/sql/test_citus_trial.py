"""The operator's trial of Citus finds a value for every placeholder: its statements run without Citus, too."""

import psycopg
import pytest

from tests import sql_coverage
from tests.tools.citus import about_files


def test_the_trial_executes_every_file_and_takes_it_back(lent_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with psycopg.connect(lent_url, autocommit=True) as connection:
        before = connection.execute("SELECT count(*) FROM chunks").fetchall()
        assert [*about_files(connection)] == []
        assert connection.execute("SELECT count(*) FROM chunks").fetchall() == before
        assert connection.execute("SELECT count(*) FROM users").fetchall() == [(0,)]
    # No file has a task, because no table is placed.
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {name for name, _ in printed} == sql_coverage.files()
    assert {tasks for _, tasks in printed} == {"-"}


def test_the_trial_reports_a_statement_that_the_server_refuses(shared_database_url: str) -> None:
    with psycopg.connect(shared_database_url) as connection:
        connection.execute("ALTER TABLE jobs RENAME TO moved")
        connection.execute("CREATE VIEW jobs AS SELECT DISTINCT name, ran_at, due_at FROM moved")
        faults = [*about_files(connection)]
        connection.rollback()
    assert [fault.partition(":")[0] for fault in faults] == ["jobs/claim"]
