"""The command line. It does not load the application, which is for the workers: `--help` needs no settings."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg
import rich_click as click

from plccoach_api import __version__, logs, maintenance, preparation, server
from plccoach_api import settings as settings_module
from plccoach_api.commands import sessions, users
from plccoach_api.commands.database import Refused
from plccoach_api.database import migrations
from plccoach_api.database.embedded import EmbeddedDatabaseError
from plccoach_api.environment import SettingsError

_CONFIGURATION_ERROR = 78  # EX_CONFIG of sysexits.h


def main() -> None:
    with reported():
        commands(prog_name="plccoach-api")


@click.group()
@click.version_option(__version__, message="%(version)s")
def commands() -> None:
    """Serve the PLC Coach API, and look after its database."""


@commands.command()
@click.option("--reload", is_flag=True, help="Restart the workers when a source file changes.")
def serve(*, reload: bool) -> None:
    """Serve, with the database migrated and, in development, the sample corpus loaded."""
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, _leave)
    settings = settings_module.load()
    readable = reload and sys.stdout.isatty()
    logs.configure(settings.log_level, readable=readable)
    address = server.claim(settings.host, settings.port)
    with migrations.database_of(settings) as database:
        if settings.database is None:
            # The workers, and a reload's new ones, use the server that was started here.
            os.environ["DATABASE_URL"] = database
        os.environ[logs.READABLE] = "1" if readable else ""
        preparation.begin(settings_module.load(), afterwards=maintenance.keep)
        server.serve(settings, address=address, reload=reload, readable=readable)


@commands.command()
def migrate() -> None:
    """Bring the database's schema to its head, and wait for another process that is doing so."""
    settings = settings_module.load()
    logs.configure(settings.log_level, readable=sys.stdout.isatty())
    with migrations.database_of(settings) as database:
        migrations.upgrade(database)


@commands.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--dry-run", is_flag=True, help="Read the books and say what would come in; the database is not touched.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def ingest_books(paths: tuple[Path, ...], *, dry_run: bool, as_json: bool) -> None:
    """Bring books into the corpus: PDF, EPUB, Markdown or plain text, files or folders of them.

    A book whose text is there already changes nothing; a changed one takes the place of the old while questions go on
    being answered. What is wrong with one book is said, and keeps no other out. An ingest that was interrupted goes on
    where it was.
    """
    from plccoach_api.corpus import command  # noqa: PLC0415 - it brings what reads books, which nothing else needs

    settings = settings_module.load()
    logs.configure("ERROR", readable=True)
    raise SystemExit(command.run(settings, paths, dry_run=dry_run, as_json=as_json))


@commands.command("openapi")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def write_openapi(path: Path) -> None:
    """Write the OpenAPI document to PATH."""
    from plccoach_api import openapi  # noqa: PLC0415 - it brings Litestar, which no other command needs

    path.write_bytes(openapi.document_of_defaults())


commands.add_command(users.commands)
commands.add_command(sessions.commands)


@contextmanager
def reported() -> Iterator[None]:
    """Ends the process with a line for each thing its user can mend, never with a traceback."""
    try:
        yield
    except SettingsError as error:
        _stop(error.problems)
    except (EmbeddedDatabaseError, server.AddressTaken) as error:
        _stop([str(error)])
    except Refused as error:
        _stop(error.lines, code=1)
    except psycopg.OperationalError as error:
        # Its message may name the host and the user: that is for the server's log, not for a terminal.
        if _is_away(error):
            _stop([f"the database cannot be reached ({type(error).__name__}); check DATABASE_URL and try again"])
        _stop([f"the database could not do it ({type(error).__name__}, {error.sqlstate}); try again"], code=1)


def _is_away(error: psycopg.OperationalError) -> bool:
    """As opposed to one that answers, and says that it is too slow, too full or busy with something else."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "28"))


def _stop(problems: Sequence[str], *, code: int = _CONFIGURATION_ERROR) -> NoReturn:
    for problem in problems:
        print(f"plccoach-api: {problem}", file=sys.stderr)
    raise SystemExit(code)


def _leave(_signum: int, _frame: FrameType | None) -> NoReturn:
    """Until the server takes over the signals, one of them ends the start-up, and closes what it opened."""
    raise SystemExit(0)
