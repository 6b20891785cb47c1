"""`just bench-stream`: many answers at once, each of many deltas, through the whole service.

A model on loopback says a delta to each of them at an even pace, and readers note when it arrives.
How far the gaps between arrivals are from that pace is the jitter. Beside the service, in the same
run, the same readers read the model itself: that is what this machine can do, with the model, the
readers and the database on the cores that the service has.
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

from plccoach_api import logs
from plccoach_api.database import embedded
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
# An answer of 200 deltas then takes 36 s: the coach gives up on one that takes 40.
_INTERVAL = 0.18


def main() -> None:
    options = _options()
    logs.configure("ERROR")
    measured: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder) / "data") as database:
        seed.prepare(database)
        for interval in options.interval:
            for _ in range(options.rounds):
                measured += _measure(options, database, Path(folder), interval)
    text = report.markdown(measured)
    sys.stdout.write(text)
    if not options.dry:
        reports.write(_REPORT, text)
    if missed := report.missed([row for row in measured if row.name == "service"]):
        raise SystemExit(f"bench-stream: {missed}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench-stream", description=__doc__)
    parser.add_argument("--streams", type=int, default=500, help="(default: %(default)s)")
    parser.add_argument("--deltas", type=int, default=200, help="of each (default: %(default)s)")
    parser.add_argument("--interval", type=float, action="append", help="seconds between deltas; may be given again")
    parser.add_argument(
        "--ramp", type=float, default=18.0, help="seconds in which all are asked (default: %(default)s)"
    )
    parser.add_argument("--workers", type=int, default=2, help="(default: %(default)s)")
    parser.add_argument("--only-service", action="store_true", help="leave out the model alone")
    parser.add_argument("--rounds", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--dry", action="store_true", help="do not write the report")
    options = parser.parse_args()
    options.interval = options.interval or [_INTERVAL]
    return options


def _measure(options: argparse.Namespace, database: str, folder: Path, interval: float) -> Iterator[Row]:
    # Only the pace differs: an answer takes as long as its deltas.
    with _model(options.deltas, interval) as model:
        alone = [readers.of_model(model)] * options.streams
        if not options.only_service:
            yield _read("model", model, alone, options, interval)
        program = Program("service", systems.SERVICE, settings=_settings(options, model))
        with program.running(database, folder) as system:
            cookie = f"{SessionCookie(secure=False).name}={rows.sign_in(system.url, seed.ASKER)}"
            paths = [f"/api/conversations/{seed.place(number)}/messages/stream" for number in range(options.streams)]
            streams = [readers.of_service(system.url, path, cookie, seed.QUESTION) for path in paths]
            _warm_up(system.url + _QUERY, cookie)
            with watched(system, database) as taken:
                row = _read("service", system.url, streams, options, interval)
            row.taken = taken
            yield row


def _warm_up(url: str, cookie: str) -> None:
    """The first question of a process waits for what it imports; one that is let go costs the others nothing."""
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
def _model(deltas: int, interval: float) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.tools.model_server", "--deltas", str(deltas), "--interval", str(interval)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=systems.ROOT) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip().removesuffix("/v1")
        finally:
            process.terminate()


def _read(name: str, url: str, streams: Sequence[Stream], options: argparse.Namespace, interval: float) -> Row:
    with throttling() as throttled:
        read = uvloop.run(readers.read_all(url, streams, ramp=options.ramp))
    return Row(name, options.streams, options.deltas, interval, read, throttled)


if __name__ == "__main__":
    main()
