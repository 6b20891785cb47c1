"""The event on which the supervisor waits for its signals."""

import signal
import subprocess
import sys
import threading
import time

from plccoach_api.server.signals import StopEvent

# A loop like granian's: it waits, clears the event and waits again. The handler runs in the same thread.
SUPERVISOR = """
import os, signal
from plccoach_api.server.signals import StopEvent
event, left = StopEvent(), 20_000
def handle(*_):
    global left
    left -= 1
    event.set()
signal.signal(signal.SIGTERM, handle)
print("ready", flush=True)
while left > 0:
    event.wait()
    event.clear()
os._exit(0)
"""


def test_signals_that_interrupt_each_other_never_block_the_supervisor() -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            process.send_signal(signal.SIGTERM)
        process.kill()
    assert process.returncode == 0


def test_a_stop_is_not_lost_when_the_event_is_cleared() -> None:
    event = StopEvent()
    event.stop()
    event.clear()
    assert event.is_set()
    assert event.wait()


def test_another_thread_wakes_the_supervisor() -> None:
    event = StopEvent()
    thread = threading.Thread(target=event.set)
    thread.start()
    assert event.wait()
    thread.join()
    event.clear()
    assert not event.is_set()
