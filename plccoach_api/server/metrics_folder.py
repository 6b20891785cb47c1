"""The folder in which the processes of the service keep their metrics, one file for each process and kind.

A process adds to its own files in memory, so that counting needs no lock between processes. The supervisor reads all
files when it is asked for the metrics.
"""

import struct
import threading
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

_ENDED = "ended"


class MetricsFolder:
    """Sums the metrics of all processes. Implements prometheus-client's interface of a collector."""

    def __init__(self, folder: Path, take_ended: Callable[[], Collection[int]]) -> None:
        """`take_ended` returns the ids of the processes that have ended since its last call."""
        self._folder = folder
        self._take_ended = take_ended
        # One scrape at a time: another one must not read while the counts of an ended process move.
        self._lock = threading.Lock()

    def collect(self) -> Iterable[Metric]:
        with self._lock:
            for pid in self._take_ended():
                self._settle(pid)
            # A process that is starting may have created its file and not written to it yet.
            files = [str(file) for file in sorted(self._folder.glob("*.db")) if file.stat().st_size]
            metrics: Iterable[Metric] = MultiProcessCollector.merge(files, accumulate=True)
            return metrics

    def _settle(self, pid: int) -> None:
        """Keeps the counts of an ended process, and forgets its gauges.

        Its counts are added to one file for all ended processes, so that the folder does not grow with each restart.
        """
        for file in self._folder.glob(f"*_{pid}.db"):
            kind = file.name.partition("_")[0]
            if kind != "gauge":
                _add(file, self._folder / f"{kind}_{_ENDED}.db")
            file.unlink()


def _add(file: Path, total: Path) -> None:
    try:
        values = list(MmapedDict.read_all_values_from_file(str(file)))
    except struct.error:
        # The process ended before it wrote anything.
        return
    totals = MmapedDict(str(total))
    for key, value, _, _ in values:
        totals.write_value(key, totals.read_value(key)[0] + value, 0.0)
    totals.close()
