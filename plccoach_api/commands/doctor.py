"""`plccoach-api doctor`: says what is wrong with this installation, and what to do."""

import asyncio
from collections.abc import Iterator, Sequence

import rich_click as click
from rich.table import Table

from plccoach_api import settings as settings_module
from plccoach_api.commands.output import cell, make_console, write_json
from plccoach_api.database import migrations
from plccoach_api.database.embedded import EmbeddedDatabaseError
from plccoach_api.diagnosis import examination, judgements
from plccoach_api.diagnosis.check import Check, Subject
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.settings import Settings
from plccoach_api.settings.environment import SettingsError


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor(*, as_json: bool) -> None:
    """Check the settings, the database, the model, the collector and the disk, and say what to do. Changes nothing.

    The exit code is 1 when something is wrong. Checks that another failure makes impossible are left out.
    """
    configure_logging("CRITICAL", readable=True, beside_output=True)
    checks = list(_checks())
    if as_json:
        write_json(checks)
    else:
        _print(checks)
    if not all(check.ok for check in checks):
        raise SystemExit(1)


def _checks() -> Iterator[Check]:
    try:
        settings = settings_module.load()
    except SettingsError as error:
        for line in error.problems:
            yield Check(Subject.settings, ok=False, note=line, remedy="correct it in the environment or in .env")
        return
    yield judgements.judge_names(settings.unknown_names)
    yield from _database(settings)
    yield from asyncio.run(examination.examine_model(settings))
    yield from examination.examine_traces(settings)
    yield examination.examine_disk(settings)


def _database(settings: Settings) -> list[Check]:
    """Starts the embedded database if no other is set."""
    try:
        with migrations.database_of(settings) as database:
            return asyncio.run(examination.examine_database(settings, database))
    except EmbeddedDatabaseError as error:
        return [Check(Subject.database, ok=False, note=str(error), remedy="set DATABASE_URL, or correct DATA_DIR")]


def _print(checks: Sequence[Check]) -> None:
    table = Table("check", "", "found", "what to do", box=None)
    for each in checks:
        table.add_row(each.check.value, "ok" if each.ok else "failed", cell(each.note), cell(each.remedy or ""))
    make_console().print(table)
