"""Prepares the database while the service already answers /health: it migrates the schema and loads the sample corpus.

The preparation runs once, in the supervisor, and retries while the database is unreachable. The workers read from the
database whether it is ready, so the supervisor reports nothing to them.
"""

import asyncio
import threading
import time
from collections.abc import Callable

from plccoach_api import logs, metrics
from plccoach_api.database import migrations, session
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Connection, ResponseTimeout
from plccoach_api.queries import servers
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_RETRY_SECONDS = 1.0
# An operator has to act, so there is a line now and then.
_OPERATOR_SECONDS = 30.0
_ANSWER_SECONDS = 6.0


def start_in_background(settings: Settings, *, then: Callable[[Settings], None]) -> None:
    """Starts a daemon thread that prepares the database and calls `then`."""

    def run() -> None:
        _prepare_with_retries(settings)
        then(settings)

    threading.Thread(target=run, name="preparation", daemon=True).start()


def _prepare_with_retries(settings: Settings) -> None:
    while True:
        try:
            _prepare(settings)
        except UNAVAILABLE as error:
            _log.warning("waiting for the database", error=type(error).__name__)
        except migrations.SchemaMismatch as error:
            # A rollback of the schema makes this replica ready.
            _log.error("schema too new", reason=str(error))
            time.sleep(_OPERATOR_SECONDS)
        except migrations.UnusableDatabase as error:
            _log.error("database cannot be used", reason=str(error))
            time.sleep(_OPERATOR_SECONDS)
        except Exception:  # noqa: BLE001 - the service stays up and reports any failure
            _log.exception("preparing the database failed; retrying")
        else:
            metrics.JOB_SUCCESS.set_to_now("preparation")
            return
        time.sleep(_RETRY_SECONDS)


def _prepare(settings: Settings) -> None:
    migrations.prepare(settings.direct.database or "")
    if not settings.in_production:
        # The modules that read books delay the workers, and in production nothing is loaded.
        from plccoach_api.server import sample_corpus  # noqa: PLC0415

        sample_corpus.load(settings)
    if settings.has_pooler:
        asyncio.run(_check_sessions(settings))


async def _check_sessions(settings: Settings) -> None:
    """Warns if the role behind the pooler has no timeouts: then nothing ends a statement that runs for ever."""
    connection = await Connection.connect(
        settings.database or "", autocommit=True, connect_timeout=5, application_name="plccoach-api"
    )
    async with connection:
        with ResponseTimeout(connection, _ANSWER_SECONDS):
            found = await servers.list_session_settings(connection, names=list(session.SETTINGS))
    if lacking := session.lacking({each.name: each.setting for each in found}):
        _log.warning("sessions of the pooler lack settings", lacking=lacking, see="docs/operating/pooler.md")
