"""`just bench`: every system up at once, loaded in turn, round after round, so that a noisy minute hits all alike."""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import httpx
import msgspec

from plccoach_api import logs
from plccoach_api.coach.answer import Answer
from plccoach_api.database import embedded
from plccoach_api.rules.sessions import SessionCookie, Token
from tests.bench import load, pgbench, report, seed, systems
from tests.bench.load import Request, Sample
from tests.bench.report import Results
from tests.bench.systems import Program, System

_REPORT = systems.ROOT / "docs" / "benchmark.md"
# More than the pool can serve at once; the service must bear them without an error and without a freeze.
_CROWD = 256
_COOKIE = SessionCookie(secure=False)


def main() -> None:
    options = _options()
    load.need_wrk()
    logs.configure("ERROR")
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder) / "data") as database:
        answer = seed.prepare(database)
        results = Run(options, database, Path(folder), answer).results()
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
    parser.add_argument("--only", action="append", metavar="PATH", help="measure this row; may be given again")
    parser.add_argument("--tree", action="append", metavar="NAME=FOLDER", help="another source tree of the service")
    return parser.parse_args()


def _programs(options: argparse.Namespace) -> list[Program]:
    others = [each.partition("=") for each in options.tree or ()]
    return [
        Program("service", systems.SERVICE),
        *(Program(name, systems.SERVICE, Path(folder).absolute()) for name, _, folder in others),
        Program("ceiling", systems.CEILING),
        Program("rival", systems.RIVAL),
    ]


class Run:
    def __init__(self, options: argparse.Namespace, database: str, folder: Path, answer: Answer) -> None:
        self.options = options
        self.database = database
        self.folder = folder
        self.answer = answer
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
            self._load(up)
            self.measured.memory.update({system.name: system.memory() for system in up})
        return self.measured

    def _load(self, up: list[System]) -> None:
        rows = self._rows(up[0].url)
        for row in rows:
            for system in up:
                load.try_once(system.url, row)
                # Opens the pool's connections and prepares the statements.
                load.sample(system.url, row, connections=self.options.connections, seconds=1)
        shorter = max(1, self.options.seconds * 2 // 3)
        for turn in range(self.options.rounds):
            _say(f"round {turn + 1} of {self.options.rounds}")
            # Who comes first may find a server still busy with what the last one left.
            turned = up[turn % len(up) :] + up[: turn % len(up)]
            for row in rows:
                self._alone(row)
                for connections, seconds in ((self.options.connections, self.options.seconds), (1, shorter)):
                    for system in turned:
                        self._measure(system, row, connections, seconds)
        _say("the crowd")
        for row in rows:
            for system in up:
                self._measure(system, row, _CROWD, shorter)
                time.sleep(0.5)

    def _rows(self, url: str) -> list[Request]:
        reader, asker = (_sign_in(url, email) for email in (seed.READER, seed.ASKER))
        rows = [
            Request("/health"),
            Request("/ready"),
            Request("/auth/me", reader),
            Request("/api/conversations", reader),
            Request("/api/coach/query", asker, msgspec.json.encode({"query": seed.QUESTION}).decode()),
        ]
        return [row for row in rows if not self.options.only or row.path in self.options.only]

    def _measure(self, system: System, row: Request, connections: int, seconds: int) -> None:
        sample = load.sample(system.url, row, connections=connections, seconds=seconds)
        if sample.errors and connections != _CROWD:
            raise SystemExit(f"bench: {system.name} did not answer {sample.errors} requests for {row.path}")
        self.measured.samples[row.path, system.name, connections].append(sample)

    def _alone(self, row: Request) -> None:
        if row.path not in pgbench.SCRIPTS:
            return
        rate = pgbench.rate(
            row.path,
            pgbench.variables(row.token, self.answer),
            database=self.database,
            folder=self.folder,
            connections=self.options.connections,
            seconds=self.options.seconds,
        )
        self.measured.samples[row.path, "pgbench", self.options.connections].append(Sample(rate, 0, 0))


def _sign_in(url: str, email: str) -> Token:
    response = httpx.get(f"{url}/auth/dev/login?{urlencode({'email': email})}")
    return Token.parse(response.cookies[_COOKIE.name]) or sys.exit("bench: signing in gave no session")


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what}\n")


if __name__ == "__main__":
    main()
