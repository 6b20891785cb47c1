"""Measures requests and searches: the time that each takes, and the processor time of worker and PostgreSQL."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import httpx

from tests.tools.bench.processor import Cost, Meter

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """What one request costs at a size."""

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
    """What the sizes count: "conversations of a person"."""
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


def requests(
    clients: dict[int, httpx.Client], send: Callable[[httpx.Client, int], httpx.Response], meter: Meter, seconds: float
) -> list[Point]:
    """Sends a request for each size in turn, round after round, so that a noisy minute slows all sizes alike."""
    times = {size: Times(meter) for size in clients}
    for turn in range(_ROUNDS + 1):
        for size, client in clients.items():
            # The first round only fills caches.
            kept = times[size] if turn else Times(meter)
            with kept.round() as add:
                until = time.perf_counter() + seconds
                while (began := time.perf_counter()) < until:
                    send(client, size).raise_for_status()
                    add((time.perf_counter() - began) * 1000)
    return [each.point(size) for size, each in times.items()]


async def awaited(ask: Callable[[], Awaitable[object]], meter: Meter, size: int, seconds: float) -> Point:
    times = Times(meter)
    for turn in range(_ROUNDS + 1):
        with (times if turn else Times(meter)).round() as add:
            until = time.perf_counter() + seconds
            while (began := time.perf_counter()) < until:
                await ask()
                add((time.perf_counter() - began) * 1000)
    return times.point(size)
