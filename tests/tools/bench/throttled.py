"""Detects when the processor is throttled.

A host that is too hot, or draws too much power, may reduce the clock of its processor to a tenth for a tenth of a
second. Work piles up during that time, and no counter of a virtual machine shows it. The processor time of a fixed
piece of work shows it.
"""

import multiprocessing
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection
from statistics import quantiles

_EVERY_SECONDS = 0.01
# About 50 µs of work: with the warm-up, a hundredth of one core.
_WORK = 2_000
# A factor over the usual time. Cold caches and a waking clock double the time; throttling multiplies it by ten.
_SLOWER = 3.0
# The clock recovers in steps, and the delayed work is done first.
_AFTER_SECONDS = 0.05


@dataclass(slots=True)
class Throttled:
    """The phases of throttling, in seconds of `time.perf_counter`; empty until the block of `throttling` ends."""

    phases: list[tuple[float, float]] = field(default_factory=list)
    """The begin and the end of each phase, in order and without overlap."""

    def __contains__(self, moment: float) -> bool:
        index = bisect_right(self.phases, (moment, float("inf"))) - 1
        return index >= 0 and moment <= self.phases[index][1]

    def share(self, begin: float, end: float) -> float:
        """Returns the throttled share of a period, between 0 and 1."""
        covered = sum(max(0.0, min(end, until) - max(begin, since)) for since, until in self.phases)
        return covered / (end - begin) if end > begin else 0.0


@contextmanager
def throttling() -> Iterator[Throttled]:
    """Watches the processor from another process until the block ends."""
    throttled = Throttled()
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_watch, args=(its,), daemon=True)
    process.start()
    its.close()
    assert ours.recv() == "watching"
    try:
        yield throttled
    finally:
        ours.send("enough")
        throttled.phases = throttled_phases(ours.recv())
        process.join()


def throttled_phases(taken: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Finds the phases in samples. A sample is a moment, and the seconds that the work before that moment took."""
    usual = quantiles((seconds for _, seconds in taken), n=10)[0]
    found: list[tuple[float, float]] = []
    for (before, _), (now, seconds) in pairwise(taken):
        if seconds <= _SLOWER * usual:
            continue
        if found and before <= found[-1][1]:
            found[-1] = (found[-1][0], now + _AFTER_SECONDS)
        else:
            found.append((before, now + _AFTER_SECONDS))
    return found


def _watch(connection: Connection) -> None:
    taken = []
    connection.send("watching")
    while not connection.poll(_EVERY_SECONDS):
        sum(range(_WORK))
        began = time.thread_time()
        sum(range(_WORK))
        taken.append((time.perf_counter(), time.thread_time() - began))
    connection.send(taken)
