"""The programs of `just bench` give the answers that it measures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plccoach_api.database import embedded
from tests.tools.bench import load, pgbench, seed, systems
from tests.tools.bench.rows import rows
from tests.tools.bench.seed import Prepared
from tests.tools.bench.systems import Program


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with embedded.running(tmp_path_factory.mktemp("bench")) as url:
        yield url


@pytest.fixture(scope="module")
def prepared(database: str) -> Prepared:
    return seed.prepare(database)


@pytest.mark.parametrize(
    "program",
    [
        Program("service", systems.SERVICE),
        Program("ceiling", systems.CEILING),
        Program("rival", systems.RIVAL),
        systems.metered(),
    ],
    ids=lambda program: program.name,
)
def test_each_program_answers_the_requests_that_are_measured(
    program: Program, database: str, prepared: Prepared, tmp_path: Path
) -> None:
    service = Program("service", systems.SERVICE, settings=systems.GENEROUS)
    (tmp_path / "two").mkdir()
    with service.running(database, tmp_path) as signed_in, program.running(database, tmp_path / "two") as system:
        found = [row for row in rows(signed_in.url, prepared, tmp_path) if row.compared or program.name == "service"]
        for row in found:
            load.try_once(system.url, row)
    assert {"/health", "/auth/me", "/api/conversations", "/api/coach/query"} <= {row.name for row in found}


def test_pgbench_runs_the_statements_of_each_row(database: str, prepared: Prepared, tmp_path: Path) -> None:
    service = Program("service", systems.SERVICE, settings=systems.GENEROUS)
    with service.running(database, tmp_path) as system:
        found = [row for row in rows(system.url, prepared, tmp_path) if pgbench.scripts(row.name)]
    for row in found:
        values = pgbench.variables(row.token, prepared)
        assert pgbench.rate(row.name, values, database=database, folder=tmp_path, connections=1, seconds=1) > 0
