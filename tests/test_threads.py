"""Threads that work in the background."""

import signal
from threading import Event

from plccoach_api import threads


def test_a_thread_receives_no_signal() -> None:
    blocked: set[int] = set()
    done = Event()

    def work() -> None:
        blocked.update(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        done.set()

    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    thread = threads.start(work, name="work")
    assert done.wait(30)
    thread.join()
    assert {signal.SIGTERM, signal.SIGINT} <= blocked
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
