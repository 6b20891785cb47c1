"""The moments at which a silent stream sends a comment, so that no proxy closes its connection."""

import asyncio


class KeepAliveTimer:
    """The time since the last event. Wakes the reader when a keep-alive comment is due.

    An event only records the time. The timer is set again after it has fired, because a timer for each event is slow.
    """

    def __init__(self, wake: asyncio.Event, limit: float) -> None:
        """`limit` is in seconds."""
        self._loop = asyncio.get_running_loop()
        self._wake = wake
        self._limit = limit
        self._begin(self._loop.time())

    def interrupt(self) -> None:
        """Records an event."""
        self._since = self._loop.time()

    def take_due_comment(self) -> bool:
        """Returns whether a comment is due, and takes it: the next silence begins with it."""
        if not self._has_fired:
            return False
        is_over = self._since == self._silence_began
        self._begin(self._loop.time() if is_over else self._since)
        return is_over

    def close(self) -> None:
        self._timer.cancel()

    def _begin(self, since: float) -> None:
        self._since = self._silence_began = since
        self._has_fired = False
        self._timer = self._loop.call_at(since + self._limit, self._fire)

    def _fire(self) -> None:
        # The loop's clock cannot tell that the limit has passed: uvloop counts whole milliseconds, and the sum of two
        # such times may be greater than the time at which the timer fires.
        self._has_fired = True
        self._wake.set()
