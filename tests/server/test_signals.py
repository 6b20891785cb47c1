"""The event on which the supervisor waits for its signals."""

import signal
import subprocess
import sys
import threading
import time

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


# Its main thread never waits for the event.
BUSY = """
import os, signal, sys
from plccoach_api.server.signals import StopEvent, after_stop_signal
signal.signal(signal.SIGTERM, StopEvent(on_signal=print).handler)
after_stop_signal(0.1, lambda: os._exit(7))
print("ready", flush=True)
while True:
    pass
"""


def test_a_supervisor_that_is_busy_for_ever_is_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.terminate()
        try:
            assert process.wait(20) == 7
        finally:
            process.kill()
