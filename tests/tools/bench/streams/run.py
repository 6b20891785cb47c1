"""`just bench-stream`: many answers at once, each of many deltas, through the whole service.

A model on loopback sends the deltas of each answer at an even pace, and readers record when they arrive. The jitter is
the distance of the gaps between arrivals from that pace. In the same run, the same readers read the model directly,
which shows the best that this machine can do: the model, the readers and the database share the service's cores.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import uvloop

from plccoach_api.database import embedded
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.rules.sessions import SessionCookie
from tests.tools.bench import report as reports
from tests.tools.bench import rows, seed, systems
from tests.tools.bench.streams import readers, report
from tests.tools.bench.streams.readers import Stream
from tests.tools.bench.streams.report import Row
from tests.tools.bench.streams.watch import watched
from tests.tools.bench.systems import Program
from tests.tools.bench.throttled import throttling

_REPORT = systems.ROOT / "docs" / "benchmark-streams.md"
_POOL = 20
_QUERY = "/api/coach/query"
# With this interval, an answer of 200 deltas takes 36 s. The coach gives up after 40 s.
_INTERVAL = 0.18


def main() -> None:
    options = _options()
    configure_logging("ERROR")
    measured: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder) / "data") as database:
        seed.prepare(database)
        for interval in options.interval:
            for turn in range(options.rounds):
                measured += measure(options, database, Path(folder), interval=interval, turn=turn)
    text = report.markdown(measured)
    sys.stdout.write(text)
    if not (options.dry or options.tree):
        reports.write(_REPORT, text)
    if missed := report.missed([row for row in measured if row.name == "service"]):
        raise SystemExit(f"bench-stream: {missed}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench-stream", description=__doc__)
    parser.add_argument("--streams", type=int, default=500, help="(default: %(default)s)")
    parser.add_argument("--deltas", type=int, default=200, help="of each answer (default: %(default)s)")
    parser.add_argument("--interval", type=float, action="append", help="seconds between deltas; may be given again")
    parser.add_argument(
        "--ramp", type=float, default=18.0, help="seconds in which all questions are sent (default: %(default)s)"
    )
    parser.add_argument("--workers", type=int, default=2, help="(default: %(default)s)")
    parser.add_argument("--tokens", action="store_true", help="a delta is a token; measures only processor time")
    parser.add_argument("--only-service", action="store_true", help="do not read the model directly")
    parser.add_argument("--rounds", type=int, default=1, help="(default: %(default)s)")
    systems.add_tree_option(parser)
    parser.add_argument("--dry", action="store_true", help="do not write the report")
    options = parser.parse_args()
    options.interval = options.interval or [_INTERVAL]
    return options


def measure(options: argparse.Namespace, database: str, folder: Path, *, interval: float, turn: int) -> Iterator[Row]:
    # Only the pace differs: an answer takes as long as its deltas.
    with _model(options.deltas, interval, tokens=options.tokens) as model:
        if not (options.only_service or options.tokens):
            yield _read("model", model, [readers.of_model(model)] * options.streams, options, interval)
        programs = list(enumerate(systems.services(options.tree, _settings(options, model))))
        # Another checkout comes first in each round.
        first = turn % len(programs)
        for number, program in programs[first:] + programs[:first]:
            yield _measure_service(options, database, folder, program, number=number, interval=interval)


def _measure_service(
    options: argparse.Namespace, database: str, folder: Path, program: Program, *, number: int, interval: float
) -> Row:
    with program.running(database, folder) as system:
        cookie = f"{SessionCookie(secure=False).name}={rows.sign_in(system.url, seed.ASKER)}"
        # Each checkout has its own conversations, so that their histories are equally long.
        places = range(number * options.streams, (number + 1) * options.streams)
        paths = [f"/api/conversations/{seed.place(place)}/messages/stream" for place in places]
        streams = [readers.of_service(system.url, path, cookie, seed.QUESTION) for path in paths]
        _warm_up(system.url + _QUERY, cookie)
        with watched(system, database, folder) as usage:
            row = _read(program.name, system.url, streams, options, interval)
        row.usage = usage
        return row


def _warm_up(url: str, cookie: str) -> None:
    """Sends the first question of a process, which causes late imports. Waits at most 3 s for the answer."""
    with suppress(httpx.ReadTimeout):
        httpx.post(url, json={"query": seed.QUESTION}, headers={"Cookie": cookie}, timeout=3).raise_for_status()


def _settings(options: argparse.Namespace, model: str) -> dict[str, str]:
    return systems.GENEROUS | {
        "WORKERS": str(options.workers),
        "DB_POOL_SIZE": str(_POOL // options.workers),
        "ANSWERER": "openai",
        "OPENAI_BASE_URL": f"{model}/v1",
    }


@contextmanager
def _model(deltas: int, interval: float, *, tokens: bool) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.tools.bench.streams.model", f"--deltas={deltas}", f"--interval={interval}"]
    command += ["--tokens"] if tokens else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=systems.ROOT) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip().removesuffix("/v1")
        finally:
            process.terminate()


def _read(name: str, url: str, streams: Sequence[Stream], options: argparse.Namespace, interval: float) -> Row:
    with throttling() as throttled:
        read = uvloop.run(readers.read_all(url, streams, ramp=options.ramp))
    return Row(name, options.streams, options.deltas, interval, read, throttled, in_tokens=options.tokens)


if __name__ == "__main__":
    main()
