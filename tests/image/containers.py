"""Containers for a test, through the command line that docker and podman share."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

ENGINE = os.environ.get("CONTAINER_ENGINE", "docker")


def engine(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ENGINE, *arguments], check=check, capture_output=True, text=True, timeout=60)


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


@dataclass(frozen=True)
class Container:
    name: str

    def execute(self, *command: str, env: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        options = [f"--env={setting}" for setting in env]
        return engine("exec", *options, self.name, *command, check=False)

    def logs(self) -> tuple[list[str], list[str]]:
        """The lines of its standard output and of its standard error."""
        logs = engine("logs", self.name)
        return logs.stdout.splitlines(), logs.stderr.splitlines()

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(engine("inspect", "--format={{json .State}}", self.name).stdout)
        return state

    def is_healthy(self) -> bool:
        if ENGINE == "podman":
            # Its health checks are timers of systemd, which not every machine runs.
            engine("healthcheck", "run", self.name, check=False)
        return bool(self.state()["Health"]["Status"] == "healthy")

    def get(self, path: str) -> httpx.Response:
        address = engine("port", self.name, "8000").stdout.strip()
        return httpx.get(f"http://{address}{path}", timeout=10)

    def answers(self, path: str) -> bool:
        """Whether it answers 200; nobody may be listening yet."""
        try:
            return self.get(path).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def exit_code(self) -> int:
        """Waits for its end."""
        return int(engine("wait", self.name).stdout)
