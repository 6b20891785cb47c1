"""Probes ask whether the service is ready for requests."""

import asyncio

from psycopg import Error
from psycopg.errors import ReadOnlySqlTransaction, UndefinedTable

from plccoach_api import logs, problems
from plccoach_api.database import migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import books, schema

_log = logs.get_logger(__name__)

# /ready promises a response within 2 s, whatever the database does.
_READY_SECONDS = 1.7


class ReadinessCheck:
    """Looks at the database, once for all probes that ask meanwhile.

    Everybody may send probes. However many do, they take one connection.
    """

    def __init__(self, database: Database, stopping: asyncio.Event, *, in_production: bool) -> None:
        self._database = database
        self._stopping = stopping
        self._in_production = in_production
        self._look: asyncio.Task[bool] | None = None
        self._too_new: str | None = None

    async def run(self) -> None:
        """Raises NotReady or DatabaseUnavailable unless the service is ready.

        The wait is limited from outside the query, because even a cancelled query waits for a frozen server.
        """
        if self._stopping.is_set():
            raise problems.NotReady("The service is stopping. Another replica answers new requests.")
        look = self._look
        if look is None or look.done():
            look = self._look = asyncio.create_task(self._database.run_idempotent(self._is_prepared))
        await asyncio.wait({look}, timeout=_READY_SECONDS)
        if not look.done():
            look.cancel()
            if self._look is look:
                # The next probe does not wait for the same connection.
                self._look = None
            raise problems.DatabaseUnavailable
        try:
            is_prepared = look.result()
        except asyncio.CancelledError:
            # A probe that came earlier had waited long enough.
            raise problems.DatabaseUnavailable from None
        except UndefinedTable:
            raise problems.NotReady from None
        except Error:
            raise problems.DatabaseUnavailable from None
        if not is_prepared:
            raise problems.NotReady

    async def _is_prepared(self, connection: Connection) -> bool:
        """Raises ReadOnlySqlTransaction, as a write would, so that the pool looks for another host."""
        found = await schema.get(connection)
        if found is None:
            return False
        if found.read_only:
            raise ReadOnlySqlTransaction
        state = migrations.SchemaState(found.revision, found.oldest)
        if not state.can_run:
            # Everybody may send probes, and each would write the same line.
            if not state.is_behind and state.revision != self._too_new:
                self._too_new = state.revision
                _log.error("schema too new", revision=state.revision, oldest=state.oldest, head=migrations.head())
            return False
        # In production an operator loads books at any time. Elsewhere the service itself loads the sample corpus.
        return self._in_production or await books.count(connection) > 0
