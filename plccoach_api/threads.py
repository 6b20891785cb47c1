"""Threads that work in the background for as long as the process lives."""

import signal
import threading
from collections.abc import Callable


def start(work: Callable[[], object], *, name: str) -> threading.Thread:
    """Starts a thread that receives no signal, so that the main thread can delay the signals of its process."""
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)
    return thread
