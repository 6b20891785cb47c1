"""Questions to the person at the terminal. Where there is no terminal, nothing is asked.

Ask outside of `asyncio.run`, which would swallow the first Ctrl-C.
"""

import sys

import rich_click as click

from plccoach_api.commands.errors import CommandError

yes_option = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")


def confirm(question: str, *, yes: bool) -> None:
    """Asks at a terminal, unless `yes` is given. Aborts the command if the person does not agree."""
    if sys.stdin.isatty() and not yes:
        click.confirm(question, abort=True)


def confirm_irreversible(question: str, *, yes: bool) -> None:
    """Asks before what cannot be undone. Without a terminal, only `--yes` allows it."""
    if not yes and not sys.stdin.isatty():
        raise CommandError("--yes is missing: this cannot be undone, and there is no terminal to ask at")
    confirm(question, yes=yes)
