"""Gives up the answers of processes that have died. Every worker does it, for all replicas."""

import asyncio

from psycopg import InterfaceError, OperationalError
from psycopg.errors import UndefinedColumn, UndefinedTable

from plccoach_api import logs
from plccoach_api.database.pool import Database
from plccoach_api.queries import answers

_log = logs.get_logger(__name__)

_EVERY_SECONDS = 15.0
_AGAIN_SECONDS = 2.0
_AT_ONCE = 500


async def run(database: Database) -> None:
    """Runs for ever. It begins at once: a process that was just started may take the place of one that died."""
    while True:
        pause = _EVERY_SECONDS
        try:
            if failed := await database.run_idempotent(answers.fail_lapsed, limit=_AT_ONCE):
                _log.warning("answers given up", answers=failed)
        except (OperationalError, InterfaceError, UndefinedTable, UndefinedColumn):
            # Away, or another worker is at it, or the schema is still being brought to its head.
            pause = _AGAIN_SECONDS
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is tried again
            _log.exception("answers could not be swept")
        await asyncio.sleep(pause)
