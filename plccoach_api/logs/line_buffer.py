"""Lines on their way to standard output, several at once."""

import asyncio
import sys
from select import PIPE_BUF
from typing import BinaryIO

# How long a line may wait for others: less than anybody who watches a log notices.
_SECONDS = 0.02


class LineBuffer:
    """Writes lines together, in pieces that reach a pipe whole though several workers write to it.

    Each piece wakes the program that reads the log, and on a busy machine that program then takes this
    one's turn on the processor: written one by one, lines cost as much as answers do.
    """

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream
        self._lines: list[bytes] = []
        self._size = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, line: bytes) -> None:
        """Within an event loop, and by its thread only."""
        size = len(line) + 1
        if self._size + size > PIPE_BUF:
            self.flush()
        self._lines.append(line)
        self._size += size
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self.flush)

    def flush(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._lines:
            stream = self._stream or sys.stdout.buffer
            stream.write(b"\n".join(self._lines) + b"\n")
            stream.flush()
            self._lines.clear()
            self._size = 0
