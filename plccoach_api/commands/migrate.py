"""`plccoach-api migrate`: migrates the database to the newest schema."""

import sys

import rich_click as click

from plccoach_api import settings as settings_module
from plccoach_api.database import migrations
from plccoach_api.logs.configuration import configure_logging


@click.command("migrate")
def migrate() -> None:
    """Migrate the database to the newest schema. If another process is migrating it, wait until that is done."""
    settings = settings_module.load()
    configure_logging(settings.log_level, readable=sys.stdout.isatty())
    with migrations.database_of(settings) as database:
        migrations.upgrade(database)
