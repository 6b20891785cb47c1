"""Loads one address of one system with wrk, and returns the rate, the latencies and the errors."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec

from plccoach_api.rules.sessions import SessionCookie, SessionToken
from tests.tools.bench.processor import Cost, Meter

_SCRIPT = Path(__file__).with_name("wrk.lua")
# A response that takes longer counts as an error.
_TIMEOUT_SECONDS = 5


def cookie_of(token: SessionToken) -> str:
    return f"{SessionCookie(secure=False).name}={token}"


@dataclass(frozen=True, slots=True)
class Request:
    """A row of the table. Its name is the path, or the template of the path."""

    name: str
    path: str = ""
    token: SessionToken | None = field(default=None, kw_only=True)
    personal_token: str | None = field(default=None, kw_only=True, repr=False)
    paths: Path | None = field(default=None, kw_only=True)
    """A file of paths that are requested in turn."""
    bodies: Path | None = field(default=None, kw_only=True)
    """A file of bodies that are posted in turn, one in each line."""
    cookies: Path | None = field(default=None, kw_only=True)
    """A file of Cookie headers that sign in, one in each line. They are sent in turn, in the place of the token's."""
    compared: bool = field(default=True, kw_only=True)
    """True when the ceiling and the rival serve the path too."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", self.path or self.name)

    @property
    def credentials(self) -> dict[str, str]:
        """The header that signs in, if the row has a person."""
        if self.personal_token:
            return {"Authorization": f"Bearer {self.personal_token}"}
        return {"Cookie": cookie_of(self.token)} if self.token else {}


@dataclass(frozen=True, slots=True)
class Sample:
    """Requests per second, latencies in milliseconds, and how many requests had no successful answer."""

    rate: float
    p50: float
    p99: float
    errors: int = 0
    cost: Cost | None = None
    """The processor time of a request."""


class _Output(msgspec.Struct):
    requests: int
    duration: int
    p50: int
    p99: int
    refused: int
    failed: int
    timed_out: int


def need_wrk() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("bench: wrk is not installed; on Debian: apt-get install wrk")


def try_once(url: str, request: Request) -> None:
    """Ends the run when the response is an error, and shows the response: wrk would only count it."""
    body = request.bodies.read_text().split("\n", 1)[0] if request.bodies else None
    method = "POST" if body else "GET"
    headers = {"Content-Type": "application/json"} | request.credentials
    response = httpx.request(method, url + request.path, headers=headers, content=body)
    if not response.is_success:
        raise SystemExit(f"bench: {method} {url}{request.path}: {response.status_code} {response.text[:500]}")


def sample(url: str, request: Request, *, connections: int, seconds: int, meter: Meter | None = None) -> Sample:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={_TIMEOUT_SECONDS}s", f"-s{_SCRIPT}"]
    command += [f"-H{name}: {value}" for name, value in request.credentials.items()]
    optional = {"BENCH_BODIES": request.bodies, "BENCH_PATHS": request.paths, "BENCH_COOKIES": request.cookies}
    variables = {"PATH": os.environ["PATH"]} | {name: str(file) for name, file in optional.items() if file}
    before = meter.read() if meter else None
    done = subprocess.run(
        [*command, url + request.path], env=variables, capture_output=True, check=False, timeout=seconds + 30
    )
    if done.returncode:
        raise SystemExit(f"bench: wrk failed on {url}{request.path}: {(done.stdout + done.stderr).decode()}")
    output = msgspec.json.decode(done.stdout.splitlines()[-1], type=_Output)
    return Sample(
        rate=output.requests / (output.duration / 1e6),
        p50=output.p50 / 1000,
        p99=output.p99 / 1000,
        errors=output.refused + output.failed + output.timed_out,
        cost=(meter.read() - before).of_each(output.requests or 1) if meter and before else None,
    )
