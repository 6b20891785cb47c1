"""`python -m tests.seed`: fills the database of the settings, which must be a developer's."""

import asyncio
from datetime import UTC, datetime
from random import Random

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from plccoach_api import logs, resources
from plccoach_api import settings as settings_module
from plccoach_api.commands.database import with_database
from plccoach_api.commands.errors import CommandError, report_errors
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.identity.development import DEFAULT_EMAIL
from tests.tools.seed.fill import Filled, fill, filled_before, total

_BAR = (TextColumn("conversations"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


@click.command()
@click.option(
    "--conversations",
    "number",
    type=click.IntRange(1, 100_000),
    default=1000,
    show_default=True,
    help=f"Of {DEFAULT_EMAIL}; the others together get half as many more.",
)
@click.option("--again", is_flag=True, help="Add to a database that was filled before.")
@click.option("--random", "start", type=int, default=1, show_default=True, help="Another number draws another set.")
def seed(*, number: int, again: bool, start: int) -> None:
    """Fill a developer's database with believable people and conversations.

    The schema is migrated first, and the sample corpus loaded, as when the service starts.
    """
    logs.configure("WARNING", readable=True)
    settings = settings_module.load()
    if settings.in_production:
        raise CommandError(
            "ENVIRONMENT is production; people and conversations are made up for a developer's database only"
        )

    async def work(database: Database) -> Filled:
        if not again and await filled_before(database):
            raise CommandError("the database was filled before; --again adds as many conversations once more")
        with Progress(*_BAR, console=Console(stderr=True)) as progress:
            task = progress.add_task("", total=total(number))
            return await fill(database, Random(start), datetime.now(UTC), number, told=lambda: progress.advance(task))

    with migrations.database_of(settings) as url:
        migrations.upgrade(url)
        asyncio.run(ingest(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL))
        filled = with_database(work)
    click.echo(
        f"{filled.people} people, {filled.conversations} conversations, {2 * filled.exchanges} messages; "
        f"sign in as any of them at {settings.public_url}/auth/dev/login?email={DEFAULT_EMAIL}"
    )


if __name__ == "__main__":
    with report_errors():
        seed(prog_name="python -m tests.seed")
