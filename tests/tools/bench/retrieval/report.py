"""The table of speed and recall, and the goals that were missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean, quantiles
from uuid import UUID

from tests.tools.bench.processor import Cost
from tests.tools.bench.report import table

_P95_MS = 100.0
_RECALL = 0.95

_COLUMNS = ["searched by", "questions", "at once", "a second", "p50", "p95", "p99", "processor time", "recall@10"]


@dataclass(slots=True)
class Row:
    name: str
    at_once: int
    is_ours: bool = False
    """The goals hold for our own rows only."""
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    cost: Cost = field(default_factory=lambda: Cost(0, 0))
    """The processor time of one question."""
    found: dict[str, Sequence[UUID]] = field(default_factory=dict)
    """The passages for each question, best first."""
    recall: float | None = None

    def compare(self, exact: "Row") -> None:
        """Sets the recall: the share of the exact search's passages that this row found too."""
        self.recall = _recall(self.found, exact.found)

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return quantiles(self.seconds, n=100)[percent - 1] * 1000 if len(self.seconds) > 1 else float("inf")


def _recall(found: Mapping[str, Sequence[UUID]], exact: Mapping[str, Sequence[UUID]]) -> float:
    return mean(len({*found[question]} & {*wanted}) / len(wanted) for question, wanted in exact.items())


def markdown(rows: Sequence[Row], corpus: str) -> str:
    """`corpus` is a sentence on what was searched. Processor time is that of a question: client + PostgreSQL."""
    return "\n".join([corpus, "", *table(_COLUMNS, map(_cells, rows))]) + "\n"


def missed(rows: Sequence[Row]) -> str:
    """Returns the missed goals as text, or an empty text."""
    misses = []
    for row in rows:
        if not row.is_ours:
            continue
        if (p95 := row.percentile(95)) >= _P95_MS:
            misses.append(f"{row.name}: p95 is {p95:.0f} ms")
        if row.recall is None or row.recall < _RECALL:
            misses.append(f"{row.name}: recall@10 is {row.recall}")
    return "; ".join(misses)


def _cells(row: Row) -> list[str]:
    return [
        row.name,
        str(len(row.seconds)),
        str(row.at_once),
        f"{len(row.seconds) / row.elapsed:.1f}",
        *(f"{row.percentile(percent):.0f} ms" for percent in (50, 95, 99)),
        f"{row.cost.worker:.1f} + {row.cost.database:.1f} ms",
        "" if row.recall is None else f"{row.recall:.3f}",
    ]
