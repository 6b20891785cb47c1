"""Measures what the metrics cost: `/auth/me` of two services, with and without METRICS_PORT, in turns.

Other programs slow some rounds down, so the better quartile of the rounds is compared. The processor time of a request
depends least on them.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from plccoach_api.database import embedded, migrations
from plccoach_api.logs.configuration import configure_logging
from tests.live import free_port
from tests.tools.bench import load, rows, seed
from tests.tools.bench.load import Request
from tests.tools.bench.systems import SERVICE, Program, System

_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Measurement:
    rate: float
    """Requests a second."""
    processor: float
    """Microseconds of the worker's processor time for one request."""


def main() -> None:
    options = _options()
    load.need_wrk()
    configure_logging("ERROR")
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder) / "data") as database:
        migrations.upgrade(database)
        pairs = list(_pairs(database, Path(folder), options.rounds, options.seconds))
    without, with_ = (_better_quartile(measured) for measured in zip(*pairs, strict=True))
    print(f"/auth/me, {options.rounds} rounds of {options.seconds} s, {_CONNECTIONS} connections:")
    for name, each in (("without", without), ("with", with_)):
        print(f"  {name}: {each.rate:.0f} requests/s, {each.processor:.0f} µs of processor time each")
    rate, processor = with_.rate / without.rate - 1, with_.processor / without.processor - 1
    print(f"  with metrics: {rate:+.1%} requests/s, {processor:+.1%} processor time of a request")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench.metrics_cost", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="(default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=1, help="of each measurement (default: %(default)s)")
    return parser.parse_args()


def _pairs(database: str, folder: Path, rounds: int, seconds: int) -> Iterator[tuple[Measurement, Measurement]]:
    programs = (
        Program("without", SERVICE),
        Program("with", SERVICE, settings={"METRICS_PORT": str(free_port())}),
    )
    with ExitStack() as stack:
        without, with_ = (stack.enter_context(program.running(database, folder)) for program in programs)
        row = Request("/auth/me", token=rows.sign_in(without.url, seed.READER))
        for system in (without, with_):
            load.sample(system.url, row, connections=_CONNECTIONS, seconds=2)
        for number in range(rounds):
            order = (without, with_) if number % 2 else (with_, without)
            found = {system.name: _measure(system, row, seconds) for system in order}
            yield found["without"], found["with"]


def _measure(system: System, row: Request, seconds: int) -> Measurement:
    before = _processor_seconds(system)
    sample = load.sample(system.url, row, connections=_CONNECTIONS, seconds=seconds)
    if sample.errors:
        raise SystemExit(f"bench: {system.name} did not answer {sample.errors} requests")
    used = _processor_seconds(system) - before
    return Measurement(sample.rate, used / (sample.rate * seconds) * 1e6)


def _processor_seconds(system: System) -> float:
    times = [worker.cpu_times() for worker in system.workers()]
    return float(sum(each.user + each.system for each in times))


def _better_quartile(measured: Sequence[Measurement]) -> Measurement:
    return Measurement(
        rate=quantiles([each.rate for each in measured])[2],
        processor=quantiles([each.processor for each in measured])[0],
    )


if __name__ == "__main__":
    main()
