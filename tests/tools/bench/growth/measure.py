"""Measures requests and searches: the time that each takes, and the processor time of worker and PostgreSQL."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from tests.tools.bench.processor import Cost, Meter

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """The cost of one request at a size."""

    size: int
    milliseconds: float
    """From the request to the response, the median."""
    cost: Cost

    @property
    def processor(self) -> float:
        return self.cost.worker + self.cost.database


@dataclass(frozen=True, slots=True)
class Line:
    """A request at growing sizes."""

    name: str
    grows: str
    """The things that the sizes count: "conversations of a person"."""
    points: list[Point] = field(default_factory=list)


class Times:
    """Collects the times of one request, and the processor time of all of them."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._milliseconds: list[float] = []
        self._worker: list[float] = []
        self._database: list[float] = []

    @contextmanager
    def round(self) -> Iterator[Callable[[float], None]]:
        before, first = self._meter.read(), len(self._milliseconds)
        yield self._milliseconds.append
        used = (self._meter.read() - before).of_each(len(self._milliseconds) - first or 1)
        self._worker.append(used.worker)
        self._database.append(used.database)

    def point(self, size: int) -> Point:
        return Point(size, median(self._milliseconds), Cost(median(self._worker), median(self._database)))


def measured(requests: Mapping[int, Callable[[], object]], meter: Meter, seconds: float) -> list[Point]:
    """Sends the request of each size in turn, round after round, so that a noisy minute slows all sizes alike."""
    times = {size: Times(meter) for size in requests}
    for turn in range(_ROUNDS + 1):
        for size, send in requests.items():
            # The first round only fills caches.
            kept = times[size] if turn else Times(meter)
            with kept.round() as add:
                until = time.perf_counter() + seconds
                while (began := time.perf_counter()) < until:
                    send()
                    add((time.perf_counter() - began) * 1000)
    return [each.point(size) for size, each in times.items()]
