"""`plccoach-api model`: tries the configured model."""

import asyncio

import rich_click as click
from rich.table import Table

from plccoach_api import settings as settings_module
from plccoach_api.commands.output import cell, make_console, write_json
from plccoach_api.logs.configuration import configure_logging


@click.group("model")
def commands() -> None:
    """Try the configured model."""


@commands.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(*, as_json: bool) -> None:
    """Send the configured model some requests, and print what works and which settings to use.

    This costs about ten thousand tokens. The exit code is 1 when questions cannot be answered.
    """
    # Imports the SDK, which the other commands do not need.
    from plccoach_api.coach.model_check.check import ModelCheck  # noqa: PLC0415

    configure_logging("ERROR", readable=True, beside_output=True)

    checks = asyncio.run(ModelCheck(settings_module.load()).run())
    if as_json:
        write_json(
            [{"check": each.check, "ok": each.ok, "note": each.note, "setting": each.setting} for each in checks]
        )
    else:
        table = Table("check", "", "note", "setting", box=None)
        for each in checks:
            table.add_row(each.check, "ok" if each.ok else "failed", cell(each.note), cell(each.setting or ""))
        make_console().print(table)
    if any(each.needed and not each.ok for each in checks):
        raise SystemExit(1)
