"""The command line: the group of the commands in commands/, each in a file of its own.

A command's module is imported when the command is used, because the modules that read books would double the time in
which `serve` starts. `--help` imports all of them, and needs no settings.
"""

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import rich_click as click

from plccoach_api.commands.errors import report_errors
from plccoach_api.version import VERSION

# The module and the name of each command, in the order of `--help`.
_COMMANDS: Final = {
    "serve": ("serve", "serve"),
    "migrate": ("migrate", "migrate"),
    "doctor": ("doctor", "doctor"),
    "ingest": ("ingest", "ingest_books"),
    "books": ("books", "commands"),
    "model": ("model", "commands"),
    "openapi": ("openapi", "write_openapi"),
    "users": ("users", "commands"),
    "sessions": ("sessions", "commands"),
}


class _ImportedCommands(click.RichGroup):
    def list_commands(self, _context: click.Context) -> list[str]:
        return [*_COMMANDS]

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[name]
        command: click.Command = getattr(import_module(f"plccoach_api.commands.{module}"), attribute)
        return command


def main() -> None:
    _open_closed_streams()
    _escape_foreign_characters()
    with report_errors():
        commands(prog_name="plccoach-api")


def _open_closed_streams() -> None:
    """Replaces each standard stream that the process was started without. Python has None in its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - the process ends with it


def _escape_foreign_characters() -> None:
    """Makes an escape of each character that the terminal or the locale has no bytes for, as Python does in stderr."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


@click.group(cls=_ImportedCommands)
@click.version_option(VERSION, message="%(version)s")
def commands() -> None:
    """Serve the PLC Coach API, and manage its database."""
