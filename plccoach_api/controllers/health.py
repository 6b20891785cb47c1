"""The state of the service, for people, load balancers and container orchestrators."""

from typing import Literal

from litestar import Response, get, head
from msgspec import UNSET, UnsetType

from plccoach_api.http.dependencies import Injected
from plccoach_api.http.readiness import ReadinessCheck
from plccoach_api.settings import Settings
from plccoach_api.structs.service import Health, Readiness, Service


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
async def get_ready(readiness_check: Injected[ReadinessCheck]) -> Readiness:
    """200 when the database takes writes, has a schema on which this version can run and, outside production, a book.

    503 also during `SHUTDOWN_DELAY`, in which the service still answers requests, and on a read-only database, on which
    it still answers reads.
    """
    await readiness_check.run()
    return Readiness()


@get("/api/ready", operation_id="getApiReady", tags=["service"], summary="The same as /ready")
async def get_api_ready(readiness_check: Injected[ReadinessCheck]) -> Readiness:
    """For load balancers that forward only /api."""
    await readiness_check.run()
    return Readiness()


@head(["/health", "/api/health"], include_in_schema=False, sync_to_thread=False)
def head_health() -> Response[None]:
    return Response(None)


@head(["/ready", "/api/ready"], include_in_schema=False)
async def head_ready(readiness_check: Injected[ReadinessCheck]) -> Response[None]:
    await readiness_check.run()
    return Response(None)


PUBLIC = (get_service, get_health, get_api_health, head_health, get_ready, get_api_ready, head_ready)
