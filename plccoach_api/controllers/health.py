"""The state of the service, for people, load balancers and container orchestrators."""

import asyncio
from typing import Literal

from litestar import Response, get, head
from msgspec import UNSET, UnsetType
from psycopg import Error
from psycopg.errors import ReadOnlySqlTransaction, UndefinedTable

from plccoach_api import logs, problems
from plccoach_api.database import migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import books, schema
from plccoach_api.settings import Settings
from plccoach_api.structs.service import Health, Readiness, Service

_log = logs.get_logger(__name__)

# /ready promises a response within 2 s, whatever the database does.
_READY_SECONDS = 1.7


@get("/", operation_id="getService", tags=["service"], summary="The service and its version", sync_to_thread=False)
def get_service(settings: Injected[Settings]) -> Service:
    """Returns the path of this documentation, too."""
    page: Literal["/try"] | UnsetType = "/try" if settings.try_page else UNSET
    return Service(service=settings.app_name, version=settings.app_version, try_page=page)


@get("/health", operation_id="getHealth", tags=["service"], summary="Is the process alive?", sync_to_thread=False)
def get_health(settings: Injected[Settings]) -> Health:
    """Never touches the database, because a restart of this process would not repair the database."""
    return Health(version=settings.app_version)


@get("/api/health", operation_id="getApiHealth", tags=["service"], summary="The same as /health", sync_to_thread=False)
def get_api_health(settings: Injected[Settings]) -> Health:
    """For load balancers that forward only /api."""
    return Health(version=settings.app_version)


@get("/ready", operation_id="getReady", tags=["service"], summary="Is the service ready for requests?")
async def get_ready(
    database: Injected[Database], settings: Injected[Settings], stopping: Injected[asyncio.Event]
) -> Readiness:
    """200 when the database takes writes, has a schema on which this version can run and, outside production, a book.

    503 also during `SHUTDOWN_DELAY`, in which the service still answers requests, and on a read-only database, on which
    it still answers reads.
    """
    return await _readiness(database, settings, stopping)


@get("/api/ready", operation_id="getApiReady", tags=["service"], summary="The same as /ready")
async def get_api_ready(
    database: Injected[Database], settings: Injected[Settings], stopping: Injected[asyncio.Event]
) -> Readiness:
    """For load balancers that forward only /api."""
    return await _readiness(database, settings, stopping)


@head(["/health", "/api/health"], include_in_schema=False, sync_to_thread=False)
def head_health() -> Response[None]:
    return Response(None)


@head(["/ready", "/api/ready"], include_in_schema=False)
async def head_ready(
    database: Injected[Database], settings: Injected[Settings], stopping: Injected[asyncio.Event]
) -> Response[None]:
    await _readiness(database, settings, stopping)
    return Response(None)


async def _readiness(database: Database, settings: Settings, stopping: asyncio.Event) -> Readiness:
    """Limits the wait from outside the query, because even a cancelled query waits for a frozen server."""
    if stopping.is_set():
        raise problems.NotReady("The service is stopping. Another replica answers new requests.")
    reading: asyncio.Task[bool] = asyncio.create_task(_is_prepared(database, in_production=settings.in_production))
    await asyncio.wait({reading}, timeout=_READY_SECONDS)
    if not reading.done():
        reading.cancel()
        raise problems.DatabaseUnavailable
    try:
        is_prepared = reading.result()
    except UndefinedTable:
        raise problems.NotReady from None
    except Error:
        raise problems.DatabaseUnavailable from None
    if not is_prepared:
        raise problems.NotReady
    return Readiness()


async def _read_state(connection: Connection) -> schema.SchemaState | None:
    """Raises ReadOnlySqlTransaction, as a write would, so that the pool looks for another host."""
    found = await schema.get(connection)
    if found and found.read_only:
        raise ReadOnlySqlTransaction
    return found


async def _is_prepared(database: Database, *, in_production: bool) -> bool:
    found = await database.run_idempotent(_read_state)
    if found is None:
        return False
    state = migrations.SchemaState(found.revision, found.oldest)
    if not state.can_run:
        if not state.is_behind:
            _log.error("schema too new", revision=state.revision, oldest=state.oldest, head=migrations.head())
        return False
    # Outside production the service itself loads the sample corpus; in production an operator loads books at any time.
    return in_production or await database.run_idempotent(books.count) > 0


PUBLIC = (get_service, get_health, get_api_health, head_health, get_ready, get_api_ready, head_ready)
