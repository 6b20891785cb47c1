"""The signals of the supervisor and of a worker process."""

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from queue import SimpleQueue
from types import FrameType

from plccoach_api import threads


def detach_from_terminal() -> None:
    """Gives this worker a process group of its own, so that a Ctrl-C reaches only the supervisor.

    The supervisor then stops the workers.
    """
    os.setpgid(0, 0)


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """Delays a Ctrl-C for this process, and keeps it for ever from the processes that are started in the block.

    A worker that was still importing would end with a traceback.
    """
    # Else multiprocessing starts this process of its own in the block, and allows Ctrl-C afterwards.
    resource_tracker.ensure_running()
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def exit_with_supervisor() -> None:
    """Ends this worker when its supervisor dies, so that a `kill -9` of the supervisor frees the port."""
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.remove_reader(supervisor.sentinel)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(supervisor.sentinel, end)


def on_stop_signal(callback: Callable[[], None]) -> None:
    """Calls back at SIGTERM. granian itself then only stops listening, and waits until all open streams have ended.

    granian still receives the signal: its event loop reads signals from a file descriptor, to which the interpreter
    writes no matter which handler is installed.
    """
    loop = asyncio.get_running_loop()
    previous = signal.getsignal(signal.SIGTERM)

    def handle(number: int, frame: FrameType | None) -> None:
        # A further signal must not interrupt this handler with itself.
        signal.signal(number, previous)
        loop.call_soon_threadsafe(callback)
        if callable(previous):
            previous(number, frame)

    signal.signal(signal.SIGTERM, handle)
    signal.siginterrupt(signal.SIGTERM, False)


# Sent by the supervisor to its workers, possibly several times.
STOPPING_SOON = signal.SIGUSR1


def ignore_stopping_soon() -> None:
    """Makes the processes that this one starts ignore the announcement until they have called `on_stopping_soon`."""
    signal.signal(STOPPING_SOON, signal.SIG_IGN)


def on_stopping_soon(callback: Callable[[], None]) -> None:
    """Calls back when the supervisor announces that it will stop this worker after SHUTDOWN_DELAY."""
    asyncio.get_running_loop().add_signal_handler(STOPPING_SOON, callback)


def after_stop_signal(seconds: float, act: Callable[[], None]) -> None:
    """Calls back in a thread, `seconds` after the first SIGTERM or Ctrl-C, whatever the main thread does then.

    The interpreter writes the number of each signal into a pipe, also while the main thread is busy or blocked.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def watch() -> None:
        while os.read(reader, 1)[0] not in {signal.SIGTERM, signal.SIGINT}:
            pass
        time.sleep(seconds)
        act()

    threads.start(watch, name="stop guard")


def end_with_workers() -> None:
    """Kills the workers and ends this process, which has not ended in time, on a busy machine."""
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(0)


class StopEvent:
    """Replaces the `threading.Event` on which granian's supervisor waits for signals and for workers that end.

    The handler of a signal is a method in C, which only puts the signal's number into a queue. The supervisor's thread
    reads the number when it waits. A handler in Python could be interrupted by the next signal: inside `Event.set` it
    would wait for a lock that its own thread holds, and a flood of signals would exceed the recursion limit.

    Each call of `wait` uses up what woke it. After a signal the event stays set.
    """

    def __init__(self, on_signal: Callable[[int], None]) -> None:
        self._on_signal = on_signal
        self._stopped = False
        self._wakes: SimpleQueue[int | None] = SimpleQueue()
        self.handler: Callable[[int, FrameType | None], None] = self._wakes.put  # type: ignore[assignment]

    def set(self) -> None:
        self._wakes.put(None)

    def clear(self) -> None:
        """Does nothing: granian clears the event after it has waited, and could lose a signal."""

    def is_set(self) -> bool:
        return self._stopped or not self._wakes.empty()

    def wait(self) -> bool:
        if not self._stopped:
            self._take()
        self.read_signals()
        return True

    def read_signals(self) -> None:
        """Calls `on_signal` for each signal that has arrived."""
        while not self._wakes.empty():
            self._take()

    def _take(self) -> None:
        number = self._wakes.get()
        if number is not None:
            self._stopped = True
            self._on_signal(number)
