"""Gives up the answers of processes that have died. Every worker does it, for all replicas."""

import asyncio

from psycopg import InterfaceError, OperationalError

from plccoach_api import logs
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers

_log = logs.get_logger(__name__)

_EVERY_SECONDS = 15.0
_AT_ONCE = 500


async def keep(database: Database) -> None:
    """Runs for ever."""
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        try:
            failed = await database.run(answers.fail_lapsed, limit=_AT_ONCE)
        except (OperationalError, InterfaceError):
            # Away, or another worker is at it.
            continue
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is tried again
            _log.exception("answers could not be swept")
            continue
        if failed:
            _log.warning("answers given up", answers=failed)
