"""`plccoach-api sessions`: removes expired sessions."""

import rich_click as click

from plccoach_api.commands.database import with_database
from plccoach_api.maintenance.retention import remove_expired_sessions


@click.group("sessions")
def commands() -> None:
    """Manage sessions."""


@commands.command("purge")
def purge() -> None:
    """Remove expired sessions. The service does this by itself once a day."""
    click.echo(f"{with_database(remove_expired_sessions)} sessions removed")
