"""Threads that work in the background for as long as the process lives."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def without_signals() -> Iterator[None]:
    """Lets the threads that a library starts in the block receive no signal."""
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def start(work: Callable[[], object], *, name: str) -> threading.Thread:
    """Starts a thread that receives no signal, so that the main thread can delay the signals of its process."""
    with without_signals():
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
    return thread
