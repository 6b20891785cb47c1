"""`plccoach-api migrate`: brings the database's schema to its head."""

import sys

import rich_click as click

from plccoach_api import logs
from plccoach_api import settings as settings_module
from plccoach_api.database import migrations


@click.command("migrate")
def migrate() -> None:
    """Bring the database's schema to its head, and wait for another process that is doing so."""
    settings = settings_module.load()
    logs.configure(settings.log_level, readable=sys.stdout.isatty())
    with migrations.database_of(settings) as database:
        migrations.upgrade(database)
