"""When the processor ran slower than it can, whatever was asked of it.

A host that grows too hot, or draws too much power, may let the clock of its processor fall to a tenth
for a tenth of a second. What would keep it busy for more than that piles up then, and no counter of a
virtual machine tells. What tells is how much processor time a piece of work takes that is always the same.
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
# Some 50 µs of work: a hundredth of one core, with the time it takes to warm up.
_WORK = 2_000
# Times slower than usual: cold caches and a clock that just wakes up make it twice as slow, a throttled one ten times.
_SLOWER = 3.0
# The clock comes back step by step, and what was held up has to be made up for.
_AFTER_SECONDS = 0.05


@dataclass(slots=True)
class Throttled:
    """Moments of `time.perf_counter`, known when it was no longer watched for."""

    spells: list[tuple[float, float]] = field(default_factory=list)
    """From when until when; in their order, and apart from each other."""

    def __contains__(self, moment: float) -> bool:
        index = bisect_right(self.spells, (moment, float("inf"))) - 1
        return index >= 0 and moment <= self.spells[index][1]

    def share(self, begin: float, end: float) -> float:
        """Of that time, between 0 and 1."""
        covered = sum(max(0.0, min(end, until) - max(begin, since)) for since, until in self.spells)
        return covered / (end - begin) if end > begin else 0.0


@contextmanager
def throttling() -> Iterator[Throttled]:
    """Watches for it, in a process of its own, until the block ends."""
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
        throttled.spells = spells(ours.recv())
        process.join()


def spells(taken: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """From moments, each with the seconds that the work took just before it."""
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
