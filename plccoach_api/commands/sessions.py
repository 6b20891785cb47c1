"""`plccoach-api sessions`: what is left of those that have ended."""

import rich_click as click

from plccoach_api.commands.database import with_database
from plccoach_api.maintenance.retention import remove_expired_sessions


@click.group("sessions")
def commands() -> None:
    """Look after sessions."""


@commands.command("purge")
def purge() -> None:
    """Remove sessions that have ended by themselves; a replica does so every day."""
    click.echo(f"{with_database(remove_expired_sessions)} sessions removed")
