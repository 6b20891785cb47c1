"""Runs commands in forks of a process that has imported them, which saves each command a second.

A fork differs from `python -m plccoach_api` only in what happens before `main`, and in what is imported before a
command needs it. The process that forks imports this module, so it imports nothing of the tests.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

from alembic import command as alembic
from plccoach_api import app, cli, openapi
from plccoach_api.coach.model_check import check as model_check
from plccoach_api.commands import books, doctor, ingest, migrate, model, sessions, users

_IMPORTED_FOR_FORKS = (alembic, app, openapi, model_check, books, doctor, ingest, migrate, model, sessions, users)
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
_STREAMS = (("in", os.O_RDONLY), ("out", os.O_WRONLY), ("err", os.O_WRONLY))


def run(
    arguments: Sequence[str], *, env: Mapping[str, str], cwd: Path, reply: str | None = None
) -> CompletedProcess[str]:
    """Runs `plccoach-api` with the arguments. `reply` is its standard input."""
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name, _ in _STREAMS]
        for stream, text in zip(streams, (reply or "", "", ""), strict=True):
            stream.write_text(text)
        process = _FORKS.Process(target=_command, args=(arguments, dict(env), cwd, streams))
        process.start()
        process.join()
        assert process.exitcode is not None
        _, stdout, stderr = (stream.read_text() for stream in streams)
    return CompletedProcess(["plccoach-api", *arguments], process.exitcode, stdout, stderr)


def _command(arguments: Sequence[str], env: Mapping[str, str], cwd: Path, streams: Sequence[Path]) -> None:
    for descriptor, (stream, (_, mode)) in enumerate(zip(streams, _STREAMS, strict=True)):
        os.dup2(os.open(stream, mode), descriptor)
    # multiprocessing has replaced it with an empty file.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - the process ends with it
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["plccoach-api", *arguments]
    cli.main()
