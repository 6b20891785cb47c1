"""The signals of a worker process."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from types import FrameType


def detach_from_terminal() -> None:
    """Gives this worker a process group of its own, so that a Ctrl-C reaches only the supervisor.

    The supervisor then stops the workers. A second signal would run granian's handler again while the first still runs;
    the handler would then deadlock with itself.
    """
    os.setpgid(0, 0)


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
        loop.call_soon_threadsafe(callback)
        if callable(previous):
            previous(number, frame)

    signal.signal(signal.SIGTERM, handle)
    signal.siginterrupt(signal.SIGTERM, False)
