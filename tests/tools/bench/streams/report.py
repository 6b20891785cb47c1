"""The table of the streams, and the goals that they miss."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from tests.tools.bench.report import table
from tests.tools.bench.streams.readers import Read
from tests.tools.bench.streams.watch import Usage
from tests.tools.bench.throttled import Throttled

_JITTER_MS = 15.0
# With a larger throttled share, too few deltas are left for a judgement.
_THROTTLED_SHARE = 0.5
_CONNECTIONS = 20
_MEGABYTES_A_STREAM = 0.5

_COLUMNS = [
    "read from",
    "streams at once",
    "a delta every",
    "failed",
    "deltas",
    "jitter p50, p99 while all are open",
    "the same while the clock was full",
    "throttled",
    "from the first question to the last word",
    "first delta p99",
    "connections",
    "memory before, most",
    "processor time a delta: workers + PostgreSQL",
    "the same while all are open",
]


@dataclass(slots=True)
class Row:
    name: str
    streams: int
    deltas: int
    interval: float
    read: Sequence[Read]
    throttled: Throttled
    usage: Usage | None = None
    in_tokens: bool = False
    """The model's deltas are tokens, of which the service makes sentences."""

    @property
    def failed(self) -> list[Read]:
        return [each for each in self.read if each.ended is None]

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """The gaps between deltas, each after the moment of its end. Sentences have no even pace."""
        return [] if self.in_tokens else [gap for each in self.read for gap in each.gaps]

    @property
    def jitter(self) -> list[float]:
        """The distance of each gap from the model's interval, in milliseconds."""
        return [self._deviation(gap) for _, gap in self.gaps]

    @property
    def all_open(self) -> tuple[float, float]:
        """The period in which all streams are open: from the first delta of the last one to the first end."""
        last_begin = max((each.deltas[0] for each in self.read if each.deltas), default=0.0)
        return last_begin, min((each.ended for each in self.read if each.ended), default=0.0)

    @property
    def gaps_all_open(self) -> list[tuple[float, float]]:
        """The gaps while all streams are open, each after the moment of its end."""
        begin, end = self.all_open
        return [(at, gap) for at, gap in self.gaps if begin < at - gap and at < end]

    @property
    def jitter_all_open(self) -> list[float]:
        return [self._deviation(gap) for _, gap in self.gaps_all_open]

    @property
    def jitter_at_full_clock(self) -> list[float]:
        """The jitter without the gaps that began or ended while the processor was throttled."""
        return [
            self._deviation(gap)
            for at, gap in self.gaps_all_open
            if at not in self.throttled and at - gap not in self.throttled
        ]

    @property
    def at_once(self) -> int:
        """The largest number of streams that were open at the same time."""
        changes = [(each.asked, 1) for each in self.read] + [(each.ended, -1) for each in self.read if each.ended]
        most = now = 0
        for _, change in sorted(changes):
            now += change
            most = max(most, now)
        return most

    @property
    def events(self) -> int:
        return sum(len(each.deltas) for each in self.read)

    def microseconds_a_delta(self, begin: float, end: float) -> str:
        """Returns the processor time of workers and PostgreSQL for each of the model's deltas in a period."""
        used = self.usage and self.usage.between(begin, end)
        if not used:
            return ""
        first, last, cost = used
        if self.in_tokens:
            deltas = round(sum(self._seconds_open(each, first, last) for each in self.read) / self.interval)
        else:
            deltas = sum(first < at <= last for each in self.read for at in each.deltas)
        each_delta = cost.of_each(max(deltas, 1))
        return f"{each_delta.worker * 1000:.0f} + {each_delta.database * 1000:.0f} µs"

    @staticmethod
    def _seconds_open(read: Read, first: float, last: float) -> float:
        return max(0.0, min(read.ended or last, last) - max(read.asked, first))

    @property
    def seconds(self) -> float:
        ends = [each.ended for each in self.read if each.ended]
        return (max(ends) if ends else 0.0) - min(each.asked for each in self.read)

    def _deviation(self, gap: float) -> float:
        """Returns how late or early a delta was, in milliseconds."""
        return abs(gap - self.interval) * 1000


def markdown(rows: Sequence[Row]) -> str:
    return "\n".join(table(_COLUMNS, map(_cells, rows))) + "\n"


def missed(rows: Sequence[Row]) -> str:
    """Returns the missed goals as one line; empty when all are met."""
    found = []
    for row in rows:
        at = f"at {row.interval * 1000:.0f} ms"
        if row.failed:
            found.append(f"{len(row.failed)} streams failed {at}: {row.failed[0].error}")
        if row.at_once < row.streams:
            found.append(f"only {row.at_once} streams were open at once {at}: a shorter ramp is needed")
        if (share := row.throttled.share(*row.all_open)) > _THROTTLED_SHARE:
            found.append(f"the processor was throttled for {share:.0%} of the time {at}: the result is not reliable")
        if not row.in_tokens and (jitter := _percentile(row.jitter_at_full_clock, 99)) >= _JITTER_MS:
            found.append(f"p99 jitter is {jitter:.1f} ms {at}")
        if row.usage and row.usage.connections > _CONNECTIONS:
            found.append(f"{row.usage.connections} connections {at}")
        if row.usage and row.usage.most - row.usage.before > _MEGABYTES_A_STREAM * row.streams:
            found.append(f"memory grew by {row.usage.most - row.usage.before:.0f} MB {at}")
    return "; ".join(found)


def _cells(row: Row) -> list[str]:
    first = [(each.deltas[0] - each.asked) * 1000 for each in row.read if each.deltas]
    usage = ["", ""]
    if row.usage:
        usage = [str(row.usage.connections), f"{row.usage.before:.0f}, {row.usage.most:.0f} MB"]
    return [
        f"the {row.name}" if row.name in {"model", "service"} else row.name,
        f"{row.at_once:,}",
        f"{row.interval * 1000:.0f} ms",
        str(len(row.failed)),
        f"{row.events:,}",
        _middle_and_tail(row.jitter_all_open),
        _middle_and_tail(row.jitter_at_full_clock),
        f"{row.throttled.share(*row.all_open):.0%}",
        _middle_and_tail(row.jitter),
        f"{_percentile(first, 99):.0f} ms",
        *usage,
        row.microseconds_a_delta(float("-inf"), float("inf")),
        row.microseconds_a_delta(*row.all_open),
    ]


def _middle_and_tail(milliseconds: Sequence[float]) -> str:
    if not milliseconds:
        return ""
    return f"{_percentile(milliseconds, 50):.1f}, {_percentile(milliseconds, 99):.1f} ms"


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1] if len(values) > 1 else float("inf")
