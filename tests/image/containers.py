"""Containers for tests, run by the command line that docker and podman share."""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

import httpx

ENGINE = os.environ.get("CONTAINER_ENGINE", "docker")


def engine(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ENGINE, *arguments], check=check, capture_output=True, text=True, timeout=60)


@dataclass(frozen=True)
class Container:
    name: str

    def execute(self, *command: str, env: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        options = [f"--env={setting}" for setting in env]
        return engine("exec", *options, self.name, *command, check=False)

    def logs(self) -> tuple[list[str], list[str]]:
        """Returns the lines of standard output and of standard error."""
        logs = engine("logs", self.name)
        return logs.stdout.splitlines(), logs.stderr.splitlines()

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(engine("inspect", "--format={{json .State}}", self.name).stdout)
        return state

    def is_healthy(self) -> bool:
        if ENGINE == "podman":
            # podman runs health checks by timers of systemd, which not every machine has.
            engine("healthcheck", "run", self.name, check=False)
        return bool(self.state()["Health"]["Status"] == "healthy")

    def get(self, path: str) -> httpx.Response:
        address = engine("port", self.name, "8000").stdout.strip()
        return httpx.get(f"http://{address}{path}", timeout=10)

    def answers(self, path: str) -> bool:
        """Returns True for a 200, and False for another status or while no process listens."""
        try:
            return self.get(path).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def exit_code(self) -> int:
        """Waits until the container ends."""
        return int(engine("wait", self.name).stdout)
