"""Writes the lines of the log in a thread of its own, so that a slow or absent reader never holds up a request.

A pipe that nobody reads blocks the thread and not the event loop. The queue in front of the thread is bounded. A line
that does not fit into it, or that the system refuses to write, is dropped and counted; the count is logged as soon as
a line can be written again.
"""

import os
import sys
import threading
import time
from collections import deque
from multiprocessing.util import Finalize

import msgspec

from plccoach_api import metrics, threads

_MAX_LINES = 10_000
_MAX_BYTES = 8 << 20
# So many lines wait only while they cannot be written. Measuring a shorter queue would cost every request time.
_REPORTED_LINES = 100
# Linux keeps a write of up to this size (PIPE_BUF) to a pipe whole, so the lines of two processes do not mix.
_WHOLE_BYTES = 4096
_DRAIN_SECONDS = 1.0
# The thread waits this long for more lines before it writes, because each switch between threads costs a request time.
_GATHER_SECONDS = 0.005


class LineWriter:
    """Queues whole lines for a file descriptor. Every method may be called from any thread and never blocks for long.

    `descriptor` is None where the process has no standard output. All lines are dropped then.
    """

    def __init__(self, descriptor: int | None, *, max_lines: int = _MAX_LINES, max_bytes: int = _MAX_BYTES) -> None:
        self._descriptor = descriptor
        self._max_lines = max_lines
        self._max_bytes = max_bytes
        self._lines: deque[bytes] = deque()
        self._bytes = 0
        self._dropped = 0
        self._reported = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def write(self, line: bytes) -> int:
        """Queues one line, which ends with a line break; drops it when the queue is full."""
        with self._changed:
            if self._descriptor is None:
                return len(line)
            if len(self._lines) >= self._max_lines or self._bytes + len(line) > self._max_bytes:
                self._dropped += 1
                metrics.DROPPED_LOG_LINES.inc()
                return len(line)
            self._lines.append(line)
            self._bytes += len(line)
            if len(self._lines) >= _REPORTED_LINES:
                self._report_waiting()
            if self._thread is None:
                self._start()
            self._changed.notify()
        return len(line)

    def flush(self) -> None:
        """Does nothing, because loggers call it after each line. `drain` waits for the thread."""

    def drain(self, seconds: float = _DRAIN_SECONDS) -> None:
        """Waits until all lines are written, at most so many seconds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while self._bytes and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)

    def _start(self) -> None:
        self._thread = threads.start(self._run, name="log")
        # A worker process runs no function of `atexit`, but it runs this one.
        Finalize(None, self.drain, exitpriority=0)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._lines)
            time.sleep(_GATHER_SECONDS)
            self._write_queued()

    def _write_queued(self) -> None:
        """Writes every line that is queued, and then the number of dropped lines if the last write succeeded."""
        written = False
        while self._lines:
            with self._changed:
                batch = self._next_batch()
            written = self._write_out(batch)
            with self._changed:
                self._bytes -= sum(map(len, batch))
                if not written:
                    self._dropped += len(batch)
                    metrics.DROPPED_LOG_LINES.inc(by=len(batch))
                self._changed.notify_all()
        if self._reported:
            with self._changed:
                self._report_waiting()
        if written and self._dropped:
            self._report_dropped()

    def _report_waiting(self) -> None:
        waiting = len(self._lines)
        self._reported = waiting >= _REPORTED_LINES
        metrics.WAITING_LOG_LINES.set(waiting if self._reported else 0)

    def _report_dropped(self) -> None:
        with self._changed:
            dropped, self._dropped = self._dropped, 0
        if not self._write_out([_dropped_line(dropped)]):
            with self._changed:
                self._dropped += dropped

    def _next_batch(self) -> list[bytes]:
        """Takes as many lines as one write keeps whole, at least one."""
        batch = [self._lines.popleft()]
        size = len(batch[0])
        while self._lines and (size := size + len(self._lines[0])) <= _WHOLE_BYTES:
            batch.append(self._lines.popleft())
        return batch

    def _write_out(self, batch: list[bytes]) -> bool:
        rest = memoryview(b"".join(batch))
        try:
            while rest:
                rest = rest[os.write(self._descriptor or 0, rest) :]
        except OSError:
            # The reader is gone, the disk is full, or the descriptor is closed. A later write may work again.
            return False
        return True


def _dropped_line(count: int) -> bytes:
    event = {"event": "log lines dropped", "level": "warning", "logger": __name__, "count": count}
    return msgspec.json.encode(event | {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}) + b"\n"


class TextWriter:
    """Gives a LineWriter the methods of a text stream, for `logging` and for readable lines."""

    encoding = "utf-8"

    def __init__(self, lines: LineWriter) -> None:
        self._lines = lines

    def write(self, text: str) -> int:
        self._lines.write(text.encode("utf-8", "backslashreplace"))
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return sys.stdout is not None and sys.stdout.isatty()


def _standard_output() -> int | None:
    """Returns the descriptor of standard output, or None when the process was started with it closed."""
    return None if sys.__stdout__ is None else 1


lines = LineWriter(_standard_output())
text = TextWriter(lines)
