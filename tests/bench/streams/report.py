"""The table of what was read, and which goals it misses."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from tests.bench.report import table
from tests.bench.streams.readers import Read
from tests.bench.streams.watch import Taken

_JITTER_MS = 15.0
_CONNECTIONS = 20
_MEGABYTES_A_STREAM = 0.5

_COLUMNS = [
    "read from",
    "streams at once",
    "a delta every",
    "failed",
    "deltas that came",
    "jitter p50, p99 while all are open",
    "from the first question to the last word",
    "first delta p99",
    "connections",
    "memory before, most",
    "processor time a delta",
]


@dataclass(slots=True)
class Row:
    name: str
    streams: int
    deltas: int
    interval: float
    read: Sequence[Read]
    taken: Taken | None = None

    @property
    def failed(self) -> list[Read]:
        return [each for each in self.read if each.ended is None]

    @property
    def jitter(self) -> list[float]:
        """How far each gap was from the model's pace, in milliseconds."""
        return [abs(gap - self.interval) * 1000 for each in self.read for _, gap in each.gaps]

    @property
    def jitter_at_most(self) -> list[float]:
        """The same, between the last that was opened and the first that ended."""
        first_end = min((each.ended for each in self.read if each.ended), default=0.0)
        last_begin = max((each.deltas[0] for each in self.read if each.deltas), default=0.0)
        return [
            abs(gap - self.interval) * 1000
            for each in self.read
            for at, gap in each.gaps
            if last_begin < at - gap and at < first_end
        ]

    @property
    def at_once(self) -> int:
        """The most streams that were open at one time."""
        changes = [(each.asked, 1) for each in self.read] + [(each.ended, -1) for each in self.read if each.ended]
        most = now = 0
        for _, change in sorted(changes):
            now += change
            most = max(most, now)
        return most

    @property
    def events(self) -> int:
        return sum(len(each.deltas) for each in self.read)

    @property
    def seconds(self) -> float:
        ends = [each.ended for each in self.read if each.ended]
        return (max(ends) if ends else 0.0) - min(each.asked for each in self.read)


def markdown(rows: Sequence[Row]) -> str:
    return "\n".join(table(_COLUMNS, map(_cells, rows))) + "\n"


def missed(rows: Sequence[Row]) -> str:
    """What is not as it must be; empty when all is."""
    found = []
    for row in rows:
        at = f"at {row.interval * 1000:.0f} ms"
        if row.failed:
            found.append(f"{len(row.failed)} streams failed {at}: {row.failed[0].error}")
        if row.at_once < row.streams:
            found.append(f"only {row.at_once} streams were open at once {at}: a shorter ramp is needed")
        if (jitter := _percentile(row.jitter_at_most, 99)) >= _JITTER_MS:
            found.append(f"p99 jitter is {jitter:.1f} ms {at}")
        if row.taken and row.taken.connections > _CONNECTIONS:
            found.append(f"{row.taken.connections} connections {at}")
        if row.taken and row.taken.most - row.taken.before > _MEGABYTES_A_STREAM * row.streams:
            found.append(f"memory grew by {row.taken.most - row.taken.before:.0f} MB {at}")
    return "; ".join(found)


def _cells(row: Row) -> list[str]:
    first = [(each.deltas[0] - each.asked) * 1000 for each in row.read if each.deltas]
    taken = ["", "", ""]
    if row.taken:
        microseconds = row.taken.processor / max(row.events, 1) * 1e6
        taken = [
            str(row.taken.connections),
            f"{row.taken.before:.0f}, {row.taken.most:.0f} MB",
            f"{microseconds:.0f} µs",
        ]
    return [
        f"the {row.name}",
        f"{row.at_once:,}",
        f"{row.interval * 1000:.0f} ms",
        str(len(row.failed)),
        f"{row.events:,}",
        f"{_percentile(row.jitter_at_most, 50):.1f}, {_percentile(row.jitter_at_most, 99):.1f} ms",
        f"{_percentile(row.jitter, 50):.1f}, {_percentile(row.jitter, 99):.1f} ms",
        f"{_percentile(first, 99):.0f} ms",
        *taken,
    ]


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1] if len(values) > 1 else float("inf")
