"""The signals of the supervisor: the event on which it waits, and the guard that ends it when it is too slow."""

import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from plccoach_api.server.signals import StopEvent

# A loop like granian's: it waits, clears the event and waits again.
SUPERVISOR = """
import os, signal
from plccoach_api.server.signals import StopEvent
left = 2_000
def count(number):
    global left
    left -= 1
event = StopEvent(on_signal=count)
signal.signal(signal.SIGTERM, event.handler)
print("ready", flush=True)
while left > 0:
    event.wait()
    event.clear()
os._exit(0)
"""


def test_a_flood_of_signals_neither_blocks_nor_ends_the_supervisor() -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            process.send_signal(signal.SIGTERM)
        process.kill()
    assert process.returncode == 0


def test_a_signal_is_not_lost_when_the_event_is_cleared() -> None:
    numbers: list[int] = []
    event = StopEvent(on_signal=numbers.append)
    event.handler(signal.SIGTERM, None)
    event.clear()
    assert event.is_set()
    assert event.wait()
    assert event.wait()
    assert numbers == [signal.SIGTERM]


def test_another_thread_wakes_the_supervisor_once() -> None:
    event = StopEvent(on_signal=lambda _: None)
    thread = threading.Thread(target=event.set)
    thread.start()
    assert event.wait()
    thread.join()
    assert not event.is_set()


# Its main thread never waits for the event, or has ended and waits for another thread. Prints the worker's id.
ENDLESS = """
import multiprocessing, signal, sys, threading, time
from plccoach_api.server.signals import StopEvent, after_stop_signal, end_with_workers

if __name__ == "__main__":
    worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    worker.start()
    signal.signal(signal.SIGTERM, StopEvent(on_signal=print).handler)
    after_stop_signal(0.1, end_with_workers)
    if sys.argv[1] == "exiting":
        threading.Thread(target=time.sleep, args=(60,)).start()
    print(worker.pid, flush=True)
    while sys.argv[1] == "busy":
        pass
"""


@pytest.mark.parametrize("what", ["busy", "exiting"])
def test_a_supervisor_that_does_not_end_is_ended_with_its_workers(what: str) -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS, what], stdout=subprocess.PIPE) as process:
        assert process.stdout
        worker = psutil.Process(int(process.stdout.readline()))
        process.terminate()
        try:
            assert process.wait(20) == 0
            worker.wait(20)
        finally:
            process.kill()
