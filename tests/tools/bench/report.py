"""The report of a run in Markdown: medians over its rounds, and ratios of two systems within the same round."""

import os
import platform
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.tools.bench.load import Sample
from tests.tools.bench.systems import METERED, METERED_ROW

BEGIN = "<!-- the last run begins -->"
END = "<!-- the last run ends -->"

Value = Callable[[Sample], float]

_COSTS = "Milliseconds of processor time for a request: worker + PostgreSQL"


@dataclass(slots=True)
class Results:
    """Samples by row, system and number of connections, in the order of the rounds."""

    systems: Sequence[str]
    rounds: int
    seconds: int
    samples: dict[tuple[str, str, int], list[Sample]] = field(default_factory=lambda: defaultdict(list))
    memory: dict[str, float] = field(default_factory=dict)
    starts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def of(self, row: str, system: str, connections: int) -> list[Sample]:
        return self.samples.get((row, system, connections), [])

    def rows(self, connections: int) -> list[str]:
        return list(dict.fromkeys(row for row, _, given in self.samples if given == connections))

    def failed(self, system: str) -> list[str]:
        """Returns the measurements in which the system answered with errors, or not at all."""
        return [
            f"{row} at {connections} connections"
            for (row, name, connections), samples in self.samples.items()
            if name == system and any(sample.errors or not sample.rate for sample in samples)
        ]

    def ratios(self, row: str, connections: int, over: str, under: str, value: Value) -> list[float]:
        pairs = zip(self.of(row, over, connections), self.of(row, under, connections), strict=False)
        return [value(one) / value(other) for one, other in pairs if value(other)]


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio that the service must reach: a lower bound for rates, an upper bound for latencies."""

    title: str
    over: str
    under: str
    value: Value
    bound: float
    at_most: bool = False

    def cell(self, results: Results, row: str, connections: int) -> str:
        found = results.ratios(row, connections, self.over, self.under, self.value)
        if not found:
            return ""
        middle = median(found)
        met = middle <= self.bound if self.at_most else middle >= self.bound
        sign = "≤" if self.at_most else "≥"
        return f"{_spread(found)} {'✓' if met else '✗'} {sign} {self.bound:g}"


def _rate(sample: Sample) -> float:
    return sample.rate


def _tail(sample: Sample) -> float:
    return sample.p99


def _goals(row: str, connections: int) -> list[Goal]:
    health = row == "/health"
    rival = (2.5 if health else 1.8) if connections > 1 else 1.0
    return [
        Goal("of the ceiling", "service", "ceiling", _rate, 0.6 if health else 0.75),
        Goal("times the rival", "service", "rival", _rate, rival),
        Goal("p99 by the ceiling's", "service", "ceiling", _tail, 2.0, at_most=True),
    ]


def markdown(results: Results, *, connections: int, crowd: int) -> str:
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.python_implementation()} {platform.python_version()}, "
        f"{os.cpu_count()} CPUs shared by client, server and database. Requests per second (p50/p99 in ms), medians "
        f"of {results.rounds} interleaved rounds of {results.seconds} s. Ratios are of the same round, with the lowest "
        "and the highest, and the goal. *pgbench*: the statements alone."
    )
    lines = [
        about,
        *_compared(results, connections),
        *_table(_COSTS, results.systems, _processor_times(results, connections)),
        *_compared(results, 1),
        *_table(f"{crowd} connections", results.systems, _crowd(results, crowd)),
        *_table("Statements of a request", results.systems, _statements(results)),
        *_table("A worker", results.systems, _costs(results)),
        *_metered(results, connections),
    ]
    return "\n".join(lines) + "\n"


def _compared(results: Results, connections: int) -> list[str]:
    others = [name for name in results.systems if name not in {"service", "ceiling", "rival"}]
    titles = [goal.title for goal in _goals("", connections)]
    body = []
    for row in results.rows(connections):
        against = [goal.cell(results, row, connections) for goal in _goals(row, connections)]
        trees = [_spread(results.ratios(row, connections, name, "service", _rate)) for name in others]
        cells = [_cell(results.of(row, system, connections)) for system in (*results.systems, "pgbench")]
        alone = _spread(results.ratios(row, connections, "service", "pgbench", _rate))
        body.append([f"`{row}`", *cells, *against, alone, *trees])
    title = f"{connections} connection{'s' * (connections > 1)}"
    return _table(
        title, [*results.systems, "pgbench", *titles, "of pgbench", *(f"{name} by service" for name in others)], body
    )


def _crowd(results: Results, crowd: int) -> list[list[str]]:
    return [
        [f"`{row}`", *(_cell(results.of(row, system, crowd)) for system in results.systems)]
        for row in results.rows(crowd)
    ]


def _statements(results: Results) -> list[list[str]]:
    rows = dict.fromkeys(row for row, _ in results.statements)
    return [[f"`{row}`", *(_listed(results.statements.get((row, name))) for name in results.systems)] for row in rows]


def _listed(statements: Sequence[str] | None) -> str:
    if statements is None:
        return ""
    return f"{len(statements)}: {', '.join(statements)}" if statements else "0"


def _costs(results: Results) -> list[list[str]]:
    starts = [f"{median(results.starts[name]):.2f} s" if results.starts[name] else "" for name in results.systems]
    memory = [f"{results.memory[name]:.0f} MB" for name in results.systems]
    return [["cold start to ready, migrated (≤ 1.5 s)", *starts], ["resident after the load (≤ 120 MB)", *memory]]


def _metered(results: Results, connections: int) -> list[str]:
    found = results.of(METERED_ROW, METERED, connections)
    if not found:
        return []
    goal = Goal("of the service", METERED, "service", _rate, 0.97)
    cells = [f"`{METERED_ROW}`", _cell(found), _cost(found), goal.cell(results, METERED_ROW, connections)]
    return _table("The metrics", ["with METRICS_PORT", "processor time", goal.title], [cells])


def _processor_times(results: Results, connections: int) -> list[list[str]]:
    return [
        [f"`{row}`", *(_cost(results.of(row, system, connections)) for system in results.systems)]
        for row in results.rows(connections)
    ]


def _cost(samples: Sequence[Sample]) -> str:
    costs = [sample.cost for sample in samples if sample.cost]
    if not costs:
        return ""
    worker, database = (median(cost.worker for cost in costs), median(cost.database for cost in costs))
    return f"{worker:.2f} + {database:.2f}"


def _cell(samples: Sequence[Sample]) -> str:
    if not samples:
        return ""
    rate = f"{median(sample.rate for sample in samples):,.0f}"
    errors = sum(sample.errors for sample in samples)
    if not samples[0].p50:
        return rate
    p50, p99 = median(sample.p50 for sample in samples), median(sample.p99 for sample in samples)
    return f"{rate} ({_short(p50)}/{_short(p99)})" + (f", {errors} errors" if errors else "")


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 10 else f"{milliseconds:.2g}"


def _spread(found: Sequence[float]) -> str:
    return f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f})" if found else ""


def _table(title: str, columns: Iterable[str], body: Iterable[Sequence[str]]) -> list[str]:
    return ["", f"### {title}", "", *table(["", *columns], body)]


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    """Returns the lines of a Markdown table."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *body)]


def write(path: Path, text: str) -> None:
    """Replaces the text between the two marks."""
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{after}", "utf-8")
