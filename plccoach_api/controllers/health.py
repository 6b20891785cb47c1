"""What the service says of itself, to people and to a container orchestrator."""

import asyncio
from typing import Any

from litestar import Response, get, head
from litestar.handlers import HTTPRouteHandler
from psycopg import Error
from psycopg.errors import UndefinedTable

from plccoach_api import problems
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import schema
from plccoach_api.settings import Settings
from plccoach_api.structs.service import Health, Readiness, Service

# The promise is an answer within 2 s whatever the database does.
_READY_SECONDS = 1.7


@get("/", operation_id="getService", tags=["service"], summary="What this is", sync_to_thread=False)
def get_service(settings: Injected[Settings]) -> Service:
    return Service(service=settings.app_name, version=settings.app_version)


@get("/ready", operation_id="getReady", tags=["service"], summary="Will requests be answered?")
async def get_ready(database: Injected[Database], settings: Injected[Settings]) -> Readiness:
    """The database is connected and its schema is the one this version was made for."""
    return await _readiness(database, settings)


@get("/api/ready", operation_id="getApiReady", tags=["service"], summary="As /ready")
async def get_api_ready(database: Injected[Database], settings: Injected[Settings]) -> Readiness:
    """For load balancers that forward only /api."""
    return await _readiness(database, settings)


@head(["/health", "/api/health"], include_in_schema=False, sync_to_thread=False)
def head_health() -> Response[None]:
    return Response(None)


@head(["/ready", "/api/ready"], include_in_schema=False)
async def head_ready(database: Injected[Database], settings: Injected[Settings]) -> Response[None]:
    await _readiness(database, settings)
    return Response(None)


async def _readiness(database: Database, settings: Settings) -> Readiness:
    """Waiting is bounded from outside: a time-out inside a query would itself wait for a frozen server."""
    reading: asyncio.Task[Any] = asyncio.create_task(database.run_idempotent(schema.get))
    await asyncio.wait({reading}, timeout=_READY_SECONDS)
    if not reading.done():
        reading.cancel()
        raise problems.DatabaseUnavailable
    try:
        prepared = reading.result()
    except UndefinedTable:
        raise problems.NotReady from None
    except Error:
        raise problems.DatabaseUnavailable from None
    if prepared is None or prepared.revision != migrations.head():
        raise problems.NotReady
    # The sample corpus is loaded by the service itself; in production books come when an operator brings them.
    if not (prepared.has_corpus or settings.in_production):
        raise problems.NotReady
    return Readiness()


def _alive(settings: Settings) -> tuple[HTTPRouteHandler, ...]:
    """Made for the settings: asking for them by name would cost a probe more than its answer."""
    health = Health(version=settings.app_version)

    @get("/health", operation_id="getHealth", tags=["service"], summary="Is the process alive?", sync_to_thread=False)
    def get_health() -> Health:
        """Never touches the database: a restart would not bring that back."""
        return health

    @get("/api/health", operation_id="getApiHealth", tags=["service"], summary="As /health", sync_to_thread=False)
    def get_api_health() -> Health:
        """For load balancers that forward only /api."""
        return health

    return get_health, get_api_health, head_health


def handlers(settings: Settings) -> tuple[HTTPRouteHandler, ...]:
    return (get_service, *_alive(settings), get_ready, get_api_ready, head_ready)
