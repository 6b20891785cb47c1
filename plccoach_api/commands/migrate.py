"""`plccoach-api migrate`: migrates the database, shows its revision, or prints the SQL of a migration."""

import sys

import msgspec
import rich_click as click

from plccoach_api import settings as settings_module
from plccoach_api.commands.output import write_json
from plccoach_api.database import migrations
from plccoach_api.logs.configuration import configure_logging


class Status(msgspec.Struct, frozen=True):
    """The schema's revision, that of this version, the oldest that can run on the schema, and what the schema lacks."""

    revision: str | None
    head: str
    oldest: str | None
    pending: tuple[str, ...]


class Script(Status, frozen=True):
    """The same, with the statements that a migration would run."""

    sql: str


@click.command("migrate")
@click.option("--status", "only_status", is_flag=True, help="Show the revision. Exit with 1 if migrations are missing.")
@click.option("--to", "target", metavar="REVISION", help="Upgrade or downgrade to this revision (also head or base).")
@click.option("--dry-run", is_flag=True, help="Print the SQL and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document, and no log.")
def migrate(*, only_status: bool, target: str | None, dry_run: bool, as_json: bool) -> None:
    """Migrate the database to the newest schema. If another process is migrating it, wait until that is done.

    A schema that is newer than this version stays as it is.
    """
    if only_status and (target or dry_run):
        raise click.UsageError("--status goes with neither --to nor --dry-run")
    settings = settings_module.load()
    # Log lines would stand between the lines of the output.
    quiet = only_status or dry_run or as_json
    configure_logging("CRITICAL" if quiet else settings.log_level, readable=sys.stdout.isatty())
    with migrations.database_of(settings) as database:
        if dry_run:
            _print_sql(database, target, as_json=as_json)
            return
        if target:
            migrations.move(database, target)
        elif not only_status:
            migrations.prepare(database)
        if only_status or as_json:
            status = _status(database)
            _print_status(status, as_json=as_json)
            if only_status:
                raise SystemExit(int(bool(status.pending)))


def _print_status(status: Status, *, as_json: bool) -> None:
    if as_json:
        write_json(status)
    else:
        print(f"revision  {status.revision or 'none'}")
        print(f"head      {status.head}")
        print(f"oldest    {status.oldest or 'none'}")
        print(f"pending   {', '.join(status.pending) or 'none'}")


def _print_sql(database: str, target: str | None, *, as_json: bool) -> None:
    """Prints nothing when a newer schema stays as it is."""
    status = _status(database)
    sql = migrations.sql(database, target or "head") if target or status.pending else ""
    if as_json:
        write_json(Script(**msgspec.structs.asdict(status), sql=sql))
    else:
        sys.stdout.buffer.write(sql.encode())


def _status(database: str) -> Status:
    found = migrations.state(database)
    return Status(found.revision, migrations.head(), found.oldest, found.pending)
