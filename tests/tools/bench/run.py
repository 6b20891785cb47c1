"""`just bench`: all systems run at once and are loaded in turns, so that a noisy minute slows all of them alike."""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from plccoach_api.logs.configuration import configure_logging
from tests.tools.bench import counted, load, pgbench, report, rows, seed, servers, systems
from tests.tools.bench.load import Request, Sample
from tests.tools.bench.processor import Meter
from tests.tools.bench.report import Results
from tests.tools.bench.seed import Prepared
from tests.tools.bench.systems import Program, System

_REPORT = systems.ROOT / "docs" / "benchmark.md"
# More connections than the pool has. The service must answer all of them without an error.
_CROWD = 256
# The requests of a crowd reach the first steps at the same time, so the first responses arrive late.
_CROWD_SECONDS = 4
_REST_SECONDS = 3.0
_ASKED = "/api/coach/query"
_LISTED = "/api/conversations"


def main() -> None:
    options = _options()
    load.need_wrk()
    configure_logging("ERROR")
    with tempfile.TemporaryDirectory() as folder, servers.crowded(Path(folder) / "data") as database:
        prepared = seed.prepare(database)
        results = Run(options, database, Path(folder), prepared).results()
    text = report.markdown(results, connections=options.connections, crowd=_CROWD)
    sys.stdout.write(text)
    if not (options.tree or options.only):
        report.write(_REPORT, text)
    if failed := results.failed("service"):
        raise SystemExit(f"bench: the service did not answer everything: {', '.join(failed)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    parser.add_argument("--connections", type=int, default=16, help="of the main table (default: %(default)s)")
    parser.add_argument("--only", action="append", metavar="ROW", help="measure this row; may be given again")
    systems.add_tree_option(parser)
    return parser.parse_args()


def _programs(options: argparse.Namespace) -> list[Program]:
    return [
        *systems.services(options.tree, systems.GENEROUS),
        Program("ceiling", systems.CEILING),
        Program("rival", systems.RIVAL),
    ]


class Run:
    def __init__(self, options: argparse.Namespace, database: str, folder: Path, prepared: Prepared) -> None:
        self.options = options
        self.database = database
        self.folder = folder
        self.prepared = prepared
        self.programs = _programs(options)
        self.measured = Results([program.name for program in self.programs], options.rounds, options.seconds)

    def results(self) -> Results:
        for _ in range(self.options.rounds - 1):
            for program in self.programs:
                with program.running(self.database, self.folder) as system:
                    self.measured.starts[system.name].append(system.started_in)
        with ExitStack() as stack:
            up = [stack.enter_context(program.running(self.database, self.folder)) for program in self.programs]
            for system in up:
                self.measured.starts[system.name].append(system.started_in)
            up.append(stack.enter_context(systems.metered().running(self.database, self.folder)))
            self._load(up)
            self.measured.memory.update({system.name: system.memory() for system in up})
        return self.measured

    def _load(self, up: list[System]) -> None:
        found = self._rows(up[0].url)
        for row in found:
            for system in _serving(row, up):
                load.try_once(system.url, row)
                # This opens the connections of the pool and prepares the statements.
                load.sample(system.url, row, connections=self.options.connections, seconds=1)
        self._count(up, found)
        shorter = max(1, self.options.seconds * 2 // 3)
        for turn in range(self.options.rounds):
            _say(f"round {turn + 1} of {self.options.rounds}")
            # Each system comes first once: the database may still be busy with the work of the system before it.
            turned = up[turn % len(up) :] + up[: turn % len(up)]
            for row in found:
                self._measure_pgbench(row)
                for connections, seconds in ((self.options.connections, self.options.seconds), (1, shorter)):
                    for system in _serving(row, turned):
                        self._measure(system, row, connections, seconds)
        _say("the crowd")
        self._load_by_crowd(up, found, max(shorter, _CROWD_SECONDS))

    def _load_by_crowd(self, up: list[System], found: list[Request], seconds: int) -> None:
        for row in found:
            for system in _serving(row, up):
                self._measure(system, row, _CROWD, seconds)
                # The database finishes the work that the crowd left behind.
                time.sleep(_REST_SECONDS)
        by_name = {row.name: row for row in found}
        if {_ASKED, _LISTED} <= by_name.keys():
            for system in _serving(by_name[_LISTED], up):
                self._measure_beside(system, by_name[_LISTED], by_name[_ASKED], seconds)
                time.sleep(_REST_SECONDS)

    def _count(self, up: list[System], rows: list[Request]) -> None:
        log = self.folder / "data" / "postgres" / "log"
        with counted.logging(self.database):
            for row in rows:
                for system in _serving(row, up):
                    self.measured.statements[row.name, system.name] = counted.statements(system, row, log)

    def _rows(self, url: str) -> list[Request]:
        found = rows.rows(url, self.prepared, self.folder)
        return [row for row in found if not self.options.only or row.name in self.options.only]

    def _measure(self, system: System, row: Request, connections: int, seconds: int) -> None:
        meter = Meter(system.workers(), self.folder)
        sample = load.sample(system.url, row, connections=connections, seconds=seconds, meter=meter)
        if sample.errors and connections != _CROWD:
            raise SystemExit(f"bench: {system.name} did not answer {sample.errors} requests for {row.name}")
        self.measured.samples[row.name, system.name, connections].append(sample)

    def _measure_beside(self, system: System, row: Request, crowd: Request, seconds: int) -> None:
        """Measures one reader while a crowd, which began some seconds earlier, sends other requests."""
        with ThreadPoolExecutor(1) as pool:
            crowd_seconds = round(_REST_SECONDS + seconds + 1)
            others = pool.submit(load.sample, system.url, crowd, connections=_CROWD, seconds=crowd_seconds)
            time.sleep(_REST_SECONDS)
            sample = load.sample(system.url, row, connections=1, seconds=seconds)
            others.result()
        self.measured.samples[f"{row.name} of one, {_CROWD} ask", system.name, _CROWD].append(sample)

    def _measure_pgbench(self, row: Request) -> None:
        if not pgbench.scripts(row.name):
            return
        rate = pgbench.rate(
            row.name,
            pgbench.variables(row.token, self.prepared),
            database=self.database,
            folder=self.folder,
            connections=self.options.connections,
            seconds=self.options.seconds,
        )
        self.measured.samples[row.name, "pgbench", self.options.connections].append(Sample(rate, 0, 0))


def _serving(row: Request, up: list[System]) -> list[System]:
    def serves(name: str) -> bool:
        if name == systems.METERED:
            return row.name == systems.METERED_ROW
        return row.compared or name not in {"ceiling", "rival"}

    return [system for system in up if serves(system.name)]


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what}\n")


if __name__ == "__main__":
    main()
