"""The worker processes that the supervisor has started."""

import threading
from multiprocessing import connection
from multiprocessing.process import BaseProcess

from plccoach_api import metrics


class Workers:
    """Tells which workers run and which have ended, without waiting for them: that is the supervisor's part."""

    def __init__(self) -> None:
        self._running: list[BaseProcess] = []
        self._lock = threading.Lock()

    def add(self, process: BaseProcess) -> None:
        """Adds a process that has not started yet."""
        with self._lock:
            self._running.append(process)

    def take_ended(self) -> list[int]:
        """Returns the ids of the workers that have ended since the last call, and counts them."""
        with self._lock:
            ended = [process for process in self._running if process.pid and connection.wait([process.sentinel], 0)]
            self._running = [process for process in self._running if process not in ended]
            metrics.WORKERS.set(len(self._running))
        if ended:
            metrics.ENDED_WORKERS.inc(by=len(ended))
        return [process.pid for process in ended if process.pid]
