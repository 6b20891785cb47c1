"""Runs a command whose standard input is a terminal, as a person does who answers its questions."""

import fcntl
import os
import pty
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.live import COMMAND, environment, wait_until

_SECONDS = 20


class AtTerminal:
    def __init__(self, process: subprocess.Popen[str], keyboard: int) -> None:
        self._process = process
        self._keyboard = keyboard

    def read_question(self, end: str) -> str:
        """Waits for the question that ends so, and returns everything that was printed up to it."""
        assert self._process.stdout
        printed = ""
        while not printed.endswith(end):
            character = self._process.stdout.read(1)
            assert character, f"{printed!r} does not end with {end!r}"
            printed += character
        return printed

    def reply(self, text: str) -> tuple[int, str]:
        """Types a line. Returns the exit code and what the command says on standard error."""
        os.write(self._keyboard, f"{text}\n".encode())
        return self._end()

    def press_ctrl_c(self) -> tuple[int, str]:
        """As `reply`."""
        # A signal between the question and the wait for a reply would be noticed only after the reply.
        asleep = psutil.Process(self._process.pid)
        wait_until(lambda: asleep.status() == psutil.STATUS_SLEEPING, "the command waits", seconds=_SECONDS)
        os.write(self._keyboard, b"\x03")
        return self._end()

    def _end(self) -> tuple[int, str]:
        _, errors = self._process.communicate(timeout=_SECONDS)
        return self._process.returncode, errors


@contextmanager
def at_terminal(database_url: str, *arguments: str, cwd: Path) -> Iterator[AtTerminal]:
    keyboard, screen = pty.openpty()
    try:
        with subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment(DATABASE_URL=database_url),
            cwd=cwd,
            stdin=screen,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A terminal sends Ctrl-C to the processes that it controls.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - this process has no other thread
        ) as process:
            try:
                yield AtTerminal(process, keyboard)
            finally:
                process.kill()
    finally:
        os.close(keyboard)
        os.close(screen)
