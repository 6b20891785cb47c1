"""`plccoach-api books`: the commands that manage the books of the corpus."""

import rich_click as click

from plccoach_api.commands.ingest import check_books


@click.group("books")
def commands() -> None:
    """Check books before they are loaded."""


commands.add_command(check_books)
