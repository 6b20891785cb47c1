"""`just stops`: tells a service to stop again and again, and checks that it ends in time with the exit code 0.

Each second service answers requests and streams when it is told. Each second stop comes as two signals a moment apart,
because `just` forwards a signal that its child has already received.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired
from threading import Event

import httpx
import psutil

from plccoach_api.database import embedded
from plccoach_api.logs.configuration import configure_logging
from tests import live

SHUTDOWN_SECONDS = 10
# A service that has not ended by then never will: it waits for itself.
_STUCK_SECONDS = 60.0
_STARTED = "Listening at"
_MOMENT_SECONDS = 0.02
_CHILDREN_SECONDS = 10.0
# A machine that runs other tests may be slow.
_START_SECONDS = 300.0
_SETTINGS = {
    "SHUTDOWN_TIMEOUT": str(SHUTDOWN_SECONDS),
    "COACH_RATE_LIMIT": "100000",
    "SIGN_IN_RATE_LIMIT": "1000000",
    # A stream lasts longer than SHUTDOWN_TIMEOUT.
    "EXTRACTIVE_PACE": "100",
}
_QUESTION = {"query": "What are the four critical questions of a PLC?"}


def tell_twice(service: live.Service, random: Random) -> None:
    service.process.send_signal(signal.SIGTERM)
    time.sleep(random.uniform(0, _MOMENT_SECONDS))
    service.process.send_signal(signal.SIGTERM)


def faults_of_stop(service: live.Service, tell: Callable[[], None]) -> Iterator[str]:
    """Stops a service and yields a line for each fault. A service that does not end is killed."""
    processes = [psutil.Process(service.process.pid), *psutil.Process(service.process.pid).children(recursive=True)]
    # Before the server has started, nothing handles a signal.
    allowed = {0} if _STARTED in service.log_file.read_text() else {0, -signal.SIGTERM}
    began = time.monotonic()
    tell()
    try:
        code = service.process.wait(_STUCK_SECONDS)
    except TimeoutExpired:
        yield f"stuck: {service.log_file.read_text()[-500:]}"
    else:
        if code not in allowed:
            yield f"ended with {code}"
        if (seconds := time.monotonic() - began) > SHUTDOWN_SECONDS:
            yield f"ended after {seconds:.2f} s"
    _, left = psutil.wait_procs(processes, timeout=_CHILDREN_SECONDS)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            yield f"left the process {process.name()}, which is {process.status()}"
            process.kill()


@contextmanager
def load(service: live.Service) -> Iterator[None]:
    """Keeps requests and streams in progress until the block ends."""
    ended, begun = Event(), [Event() for _ in range(4)]

    def visit(begun: Event, visitor: Callable[[httpx.Client], None]) -> None:
        with suppress(httpx.TransportError), service.client() as client:
            client.get("/auth/dev/login", follow_redirects=False)
            while not ended.is_set():
                visitor(client)
                begun.set()

    def read(client: httpx.Client) -> None:
        client.get("/api/conversations")

    def ask(client: httpx.Client) -> None:
        conversation = client.post("/api/conversations", json={}).json()["id"]
        path = f"/api/conversations/{conversation}/messages/stream"
        with client.stream("POST", path, json={"content": _QUESTION["query"]}) as response:
            for _ in response.iter_bytes():
                begun[0].set()

    with ThreadPoolExecutor(len(begun)) as pool:
        for number, event in enumerate(begun):
            pool.submit(visit, event, ask if number % 2 == 0 else read)
        for event in begun[:2]:
            event.wait(_START_SECONDS)
        try:
            yield
        finally:
            ended.set()


def stops(folder: Path, count: int, random: Random) -> Iterator[tuple[float, list[str]]]:
    """Yields the seconds and the faults of each stop."""
    with embedded.running(folder / "data") as url:
        for number in range(count):
            home = folder / str(number)
            home.mkdir()
            with ExitStack() as stack:
                service = stack.enter_context(live.serving(home, DATABASE_URL=url, **_SETTINGS))
                service.wait_for(seconds=_START_SECONDS)
                if number % 2:
                    stack.enter_context(load(service))
                tell = partial(tell_twice, service, random) if number // 2 % 2 else service.process.terminate
                began = time.monotonic()
                faults = [*faults_of_stop(service, tell)]
                print(f"stop {number} took {time.monotonic() - began:.2f} s", *faults, file=sys.stderr, flush=True)
                yield time.monotonic() - began, [f"stop {number}: {each}" for each in faults]


def main() -> None:
    parser = argparse.ArgumentParser(prog="just stops", description=__doc__)
    parser.add_argument("--stops", type=int, default=20, help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments between two signals (default: %(default)s)")
    options = parser.parse_args()
    configure_logging("ERROR", readable=True)
    # Without this, a SIGTERM would leave the service and the database running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="plcstops") as folder:
        results = [*stops(Path(folder), options.stops, Random(options.seed))]
    seconds = sorted(seconds for seconds, _ in results)
    print(
        f"{options.stops} stops in {time.monotonic() - began:.0f} s; median {seconds[len(seconds) // 2]:.2f} s, ",
        end="",
    )
    print(f"longest {seconds[-1]:.2f} s")
    faults = [fault for _, faults in results for fault in faults]
    for fault in faults:
        print(f"FAULT {fault}")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
