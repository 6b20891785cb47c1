"""`python -m tests.tools.seed`: fills the database of the settings, which must not be production."""

import asyncio
from datetime import UTC, datetime
from random import Random

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from plccoach_api import resources
from plccoach_api import settings as settings_module
from plccoach_api.commands.database import with_database
from plccoach_api.commands.errors import CommandError, report_errors
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.identity.development import DEFAULT_EMAIL
from plccoach_api.logs.configuration import configure_logging
from tests.tools.seed.fill import SeedResult, count_conversations, fill, is_filled

_BAR = (TextColumn("conversations"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


@click.command()
@click.option(
    "--conversations",
    "number",
    type=click.IntRange(1, 100_000),
    default=1000,
    show_default=True,
    help=f"The number for {DEFAULT_EMAIL}; all other users together get half as many.",
)
@click.option("--again", is_flag=True, help="Add to a database that is already filled.")
@click.option("--random", "random_seed", type=int, default=1, show_default=True, help="The random generator's seed.")
def seed(*, number: int, again: bool, random_seed: int) -> None:
    """Fill a development database with realistic users and conversations.

    Migrates the schema and loads the sample corpus first, as the service does when it starts.
    """
    configure_logging("WARNING", readable=True)
    settings = settings_module.load()
    if settings.in_production:
        raise CommandError("ENVIRONMENT is production; only a development database can be filled with invented data")

    async def work(database: Database) -> SeedResult:
        if not again and await is_filled(database):
            raise CommandError("the database is already filled; --again adds more conversations")
        with Progress(*_BAR, console=Console(stderr=True)) as progress:
            task = progress.add_task("", total=count_conversations(number))
            return await fill(
                database, Random(random_seed), datetime.now(UTC), number, on_stored=lambda: progress.advance(task)
            )

    with migrations.database_of(settings) as url:
        migrations.upgrade(url)
        asyncio.run(ingest(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL))
        result = with_database(work)
    click.echo(
        f"{result.people} people, {result.conversations} conversations, {2 * result.exchanges} messages; "
        f"sign in as any of them at {settings.public_url}/auth/dev/login?email={DEFAULT_EMAIL}"
    )


if __name__ == "__main__":
    with report_errors():
        seed(prog_name="python -m tests.tools.seed")
