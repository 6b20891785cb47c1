"""The service as its users see it: a process that answers HTTP on a port."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

COMMAND = [sys.executable, "-m", "plccoach_api"]
_START_SECONDS = 60.0
# Nothing on loopback speaks TLS. Loading the certificate authorities would take 20 ms for each client.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Service:
    """A running `plccoach-api serve`."""

    process: subprocess.Popen[bytes]
    port: int
    log_file: Path
    environment: Mapping[str, str] = field(repr=False)
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=10, verify=NO_AUTHORITIES, **options)

    def token_of(self, email: str) -> str:
        """Returns a new personal token, and ends the person's older ones."""
        with self.client() as client:
            client.get("/auth/dev/login", params={"email": email})
            for each in client.get("/auth/tokens").json()["items"]:
                client.delete(f"/auth/tokens/{each['id']}")
            return str(client.post("/auth/tokens", json={"name": "A program"}).json()["token"])

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log_file.read_text().splitlines()]

    def wait_for(self, path: str = "/ready", status: int = 200, seconds: float = _START_SECONDS) -> float:
        """Waits for a response with the status, and returns the seconds that it took."""
        started = time.monotonic()
        with self.client() as client:
            while time.monotonic() - started < seconds:
                if self.process.poll() is not None:
                    break
                try:
                    if client.get(path).status_code == status:
                        return time.monotonic() - started
                except httpx.TransportError:
                    pass
                time.sleep(0.02)
        raise AssertionError(f"no {status} from {path} within {seconds} s:\n{self.log_file.read_text()[-3000:]}")

    def stop(self, signum: int = signal.SIGTERM, seconds: float = 15) -> int:
        """Sends the signal; returns the exit code."""
        self.process.send_signal(signum)
        return self.process.wait(seconds)


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float) -> None:
    """Polls a condition in another process, which sends no event that a test could await."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**changes: str) -> dict[str, str]:
    """Returns this process's environment without the service's settings, plus the changes."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | changes


def end(process: subprocess.Popen[bytes], seconds: float = 15) -> None:
    """Sends SIGTERM, waits, and kills the process when it is still running after that time."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving(folder: Path, *arguments: str, **settings: str) -> Iterator[Service]:
    """Runs a service with its working folder and its log in `folder`, and ends it with the context."""
    log_file = folder / "log"
    with log_file.open("wb") as output:
        service = launch(folder, output, log_file, *arguments, **settings)
    try:
        yield service
    finally:
        end(service.process)


def launch(folder: Path, output: IO[bytes], log_file: Path, *arguments: str, **settings: str) -> Service:
    """Starts a service in `folder` that writes its log to `output`, which leads to `log_file`."""
    port = int(settings.setdefault("PORT", str(free_port())))
    variables = environment(**settings)
    command = [*COMMAND, "serve", *arguments]
    process = subprocess.Popen(command, env=variables, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    return Service(process, port, log_file, variables)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Service]]:
    """Starts services, and ends them after the last test."""
    with ExitStack() as stack:

        def start(*arguments: str, **settings: str) -> Service:
            return stack.enter_context(serving(tmp_path_factory.mktemp("service"), *arguments, **settings))

        yield start


@pytest.fixture(scope="session")
def live(start: Callable[..., Service], live_database_url: str) -> Service:
    """A service that many tests share. No test may leave it changed."""
    service = start(DATABASE_URL=live_database_url, SIGN_IN_RATE_LIMIT="1000000", COACH_RATE_LIMIT="100000")
    service.wait_for()
    return service
