"""`plccoach-api serve`: starts the embedded database if no other is set, prepares it, and supervises the workers."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType
from typing import NoReturn

import rich_click as click

from plccoach_api import logs
from plccoach_api import settings as settings_module
from plccoach_api.commands.errors import CONFIGURATION_ERROR, CommandError
from plccoach_api.database import migrations
from plccoach_api.logs import writer
from plccoach_api.logs.configuration import READABLE, configure_logging
from plccoach_api.maintenance import daily
from plccoach_api.server import announcement, exposition, granian, preparation, signals
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

# The part of SHUTDOWN_TIMEOUT that is left when this process itself is too slow, and is ended.
_GUARD_SECONDS = 0.3


@click.command("serve")
@click.option("--reload", is_flag=True, help="Restart the workers when a source file changes.")
def serve(*, reload: bool) -> None:
    """Serve the API. Migrates the database first and, in development, loads the sample corpus."""
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, _exit)
    settings = settings_module.load()
    signals.after_stop_signal(settings.shutdown_timeout - _GUARD_SECONDS, signals.end_with_workers)
    readable = reload and sys.stdout.isatty()
    configure_logging(settings.log_level, readable=readable, queued=True)
    for unknown in settings.unknown_names:
        _log.warning("unknown name in .env", name=unknown.name, nearest=unknown.nearest)
    with _reporting_addresses():
        address = granian.resolve_address(settings.host, settings.port)
    if not settings.in_production and not ip_address(address).is_loopback:
        _log.warning("whoever reaches this host may sign in as anyone", host=address, see="ENVIRONMENT")
    with _reporting_addresses(), exposition.serving(settings) as started, migrations.database_of(settings) as database:
        if settings.database is None:
            # The workers find the embedded database in this variable, because they read the settings themselves.
            os.environ["DATABASE_URL"] = database
        os.environ[READABLE] = "1" if readable else ""

        def then(prepared: Settings) -> None:
            if reload:
                announcement.announce(prepared, address)
            daily.run_forever(prepared)

        preparation.start_in_background(settings_module.load(), then=then)
        granian.serve(settings, address=address, reload=reload, readable=readable, started=started)
    if readable:
        _log.info("stopped")
    writer.lines.drain()
    # Taking down the interpreter takes time, in which the guard cannot act.
    os._exit(0)


@contextmanager
def _reporting_addresses() -> Iterator[None]:
    try:
        yield
    except granian.AddressUnavailable as error:
        raise CommandError(str(error), code=CONFIGURATION_ERROR) from error


def _exit(_signum: int, _frame: FrameType | None) -> NoReturn:
    """Ends the process during the start-up, and closes its contexts. Later the server replaces this handler."""
    raise SystemExit(0)
