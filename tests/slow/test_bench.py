"""The programs of the benchmarks give the answers that are measured."""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from plccoach_api.database import embedded
from tests.tools.bench import load, pgbench, seed, systems
from tests.tools.bench.growth import report as growth_report
from tests.tools.bench.growth import run as growth
from tests.tools.bench.growth.measure import Line
from tests.tools.bench.rows import rows
from tests.tools.bench.seed import Prepared
from tests.tools.bench.streams import run as streams
from tests.tools.bench.systems import Program


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the database server."""
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[str]:
    with embedded.running(folder) as url:
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


@pytest.fixture(scope="module")
def grown() -> list[Line]:
    return [
        *growth.of_conversations((2, 8), others=1, seconds=0.05),
        growth.of_passages((20, 60), seconds=0.05),
        growth.of_sessions((10, 100), seconds=0.05),
    ]


@pytest.mark.parametrize("in_tokens", [False, True], ids=["sentences", "tokens"])
@pytest.mark.usefixtures("prepared")
def test_streams_are_read_to_their_end_and_their_processor_time_is_measured(
    database: str, folder: Path, *, in_tokens: bool
) -> None:
    options = argparse.Namespace(
        streams=3, deltas=60, ramp=0.1, workers=1, tokens=in_tokens, only_service=True, tree=[], rounds=1
    )
    [row] = streams.measure(options, database, folder, interval=0.05, turn=0)
    assert row.failed == []
    # A token is a few characters: a sentence of several tokens is one event.
    assert row.events < 3 * 60 if in_tokens else row.events == 3 * 60
    assert row.events >= 3
    assert re.fullmatch(r"[1-9]\d* \+ [1-9]\d* µs", row.microseconds_a_delta(float("-inf"), float("inf")))


def test_growth_is_measured_for_each_request_and_size(grown: list[Line]) -> None:
    assert {line.name for line in grown} >= {"GET /api/conversations", "POST /api/coach/query", "GET /auth/me"}
    assert all(point.milliseconds > 0 for line in grown for point in line.points)
    assert [point.size for point in grown[-1].points] == [10, 100]


def test_growth_is_drawn_and_written_in_tables(grown: list[Line]) -> None:
    assert len(ET.fromstring(growth_report.drawing(grown)).findall("{*}polyline")) == len(grown)
    for line in grown:
        assert f"| `{line.name}` |" in growth_report.markdown(grown)


def test_retrieval_is_measured_with_and_without_an_index() -> None:
    """The index finds what the exact search finds in a small corpus."""
    options = ["--chunks", "400", "--dimensions", "256", "--questions", "20", "--exact", "10", "--dry"]
    command = [sys.executable, "-m", "tests.tools.bench.retrieval.run", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    [row] = [line for line in done.stdout.splitlines() if line.startswith("| words and meaning | 20 |")]
    assert row.endswith("| 1.000 |"), done.stderr
