"""Builds the application: its routes, its middleware in order, and the resources that it opens and closes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.exceptions import ValidationException
from litestar.types import ASGIApp
from litestar_granian import GranianPlugin

from plccoach_api import metrics, problem_details
from plccoach_api import settings as settings_module
from plccoach_api.coach import engine
from plccoach_api.coach.coach import Coach
from plccoach_api.coach.quota import Quota
from plccoach_api.coach.runs import rescuer
from plccoach_api.coach.runs.timings import DEFAULT_TIMINGS, Timings
from plccoach_api.controllers import (
    audit_events,
    auth,
    chat,
    conversations,
    documentation,
    exports,
    feedback,
    health,
    mcp,
    messages,
    pages,
    passages,
    personal_tokens,
    sessions,
    shares,
    sign_in,
    streams,
    users,
)
from plccoach_api.controllers import coach as coach_controller
from plccoach_api.database.pool import Database
from plccoach_api.database.replica import make_database
from plccoach_api.http import dependencies, guards, litestar_internals, parameters
from plccoach_api.http.readiness import ReadinessCheck
from plccoach_api.http.requests import JSONRequest
from plccoach_api.http.responses import JSONResponse
from plccoach_api.identity.authentication import Authentication
from plccoach_api.identity.providers import configured_providers
from plccoach_api.middleware.access_log import AccessLog
from plccoach_api.middleware.client_address import ClientAddress
from plccoach_api.middleware.cors import Preflight
from plccoach_api.middleware.last_resort import LastResort
from plccoach_api.middleware.measurement import Measurement
from plccoach_api.middleware.options import Options
from plccoach_api.middleware.origin_check import OriginCheck
from plccoach_api.middleware.personal_token import ACCEPTS_TOKENS, SignedInOrToken, TokenOnly
from plccoach_api.middleware.request_id import RequestID
from plccoach_api.middleware.request_limits import MAX_BODY, RequestLimits
from plccoach_api.middleware.response_headers import ResponseHeaders
from plccoach_api.middleware.session import SIGNED_IN
from plccoach_api.middleware.tracing import Tracing
from plccoach_api.middleware.types import HTTPApp
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.settings import Settings

if TYPE_CHECKING:
    from plccoach_api.tracing.tracer import Tracer


def create_app(settings: Settings | None = None, timings: Timings = DEFAULT_TIMINGS) -> Litestar:
    settings = settings or settings_module.load()
    database = make_database(settings)
    quota = Quota(settings.coach_rate_limit, settings.coach_cost_ceiling)
    coach = Coach(database, engine.make_engine(settings), quota, settings.public_url, timings)
    providers = configured_providers(settings)
    authentication = Authentication(database)
    cookie = SessionCookie(settings.secure_cookies)
    stopping = asyncio.Event()
    readiness_check = ReadinessCheck(database, stopping, in_production=settings.in_production)

    admin = Router(
        "/",
        route_handlers=[*users.ADMIN, *personal_tokens.ADMIN, *audit_events.ADMIN, *sessions.ADMIN],
        guards=[guards.require_admin],
    )
    for_programs_too = Router(
        "/",
        route_handlers=[
            *auth.SIGNED_IN,
            *conversations.SIGNED_IN,
            *messages.SIGNED_IN,
            *passages.SIGNED_IN,
            *feedback.SIGNED_IN,
            *shares.SIGNED_IN,
            *exports.SIGNED_IN,
            *coach_controller.SIGNED_IN,
            *streams.SIGNED_IN,
        ],
        opt={ACCEPTS_TOKENS: True},
    )
    signed_in = Router(
        "/",
        route_handlers=[
            *auth.SESSION_ONLY,
            *sessions.SESSION_ONLY,
            *personal_tokens.SESSION_ONLY,
            for_programs_too,
            admin,
        ],
        middleware=[lambda app: SignedInOrToken(app, authentication=authentication, cookie=cookie)],
        opt={SIGNED_IN: True},
    )
    programs_only = Router(
        "/",
        route_handlers=[*chat.TOKEN_ONLY, *(mcp.TOKEN_ONLY if settings.mcp else ())],
        middleware=[lambda app: TokenOnly(app, authentication=authentication, cookie=cookie)],
        opt={SIGNED_IN: True, ACCEPTS_TOKENS: True},
    )
    tracer = _make_tracer(settings, settings.traces) if settings.traces else None
    app = litestar_internals.Application(
        route_handlers=[
            *health.PUBLIC,
            *documentation.PUBLIC,
            *pages.PUBLIC,
            *sign_in.PUBLIC,
            *auth.PUBLIC,
            pages.for_signed_in(authentication, cookie),
            signed_in,
            programs_only,
        ],
        dependencies=dependencies.provide(settings, database, coach, providers, readiness_check),
        exception_handlers={ValidationException: parameters.respond, Exception: problem_details.respond},
        request_class=JSONRequest,
        response_class=JSONResponse,
        request_max_body_size=MAX_BODY,
        lifespan=[_lifespan],
        state=State(
            {
                "database": database,
                "coach": coach,
                "settings": settings,
                "providers": providers,
                "timings": timings,
                "stopping": stopping,
                "mcp": _mcp_manager(database, coach, settings) if settings.mcp else None,
                "tracer": tracer,
            }
        ),
        openapi_config=None,  # Litestar would add routes of its own; see openapi/.
        logging_config=None,
        plugins=[GranianPlugin(), litestar_internals.SequentialDependencies(), litestar_internals.StrictIntegers()],
    )
    litestar_internals.wrap(app, lambda routing: _add_middleware(routing, app, settings, tracer))
    return app


def _mcp_manager(database: Database, coach: Coach, settings: Settings) -> Any:
    # The SDK is an optional extra, and it loads another framework.
    from plccoach_api.mcp.server import make_manager  # noqa: PLC0415
    from plccoach_api.mcp.tools import ToolContext  # noqa: PLC0415

    return make_manager(ToolContext(database, coach, settings.public_url))


def _make_tracer(settings: Settings, variables: Mapping[str, str]) -> "Tracer":
    # The SDK is an optional extra.
    from plccoach_api.tracing.tracer import Tracer  # noqa: PLC0415

    return Tracer(settings, variables)


def _add_middleware(routing: ASGIApp, app: Litestar, settings: Settings, tracer: "Tracer | None") -> ASGIApp:
    """Every request passes this middleware, even without a matching route. The last line adds the outermost layer."""
    http: HTTPApp = routing
    http = Options(http, methods=litestar_internals.methods_by_path(app))
    http = OriginCheck(http, origins=settings.allowed_origins)
    http = RequestLimits(http)
    http = Preflight(http, origins=settings.cors_origins)
    http = headers = ResponseHeaders(
        http, origins=settings.cors_origins, own=settings.allowed_origins, production=settings.in_production
    )
    http = AccessLog(http)
    http = ClientAddress(http, trusted_proxies=settings.trusted_proxies)
    http = RequestID(http)
    if metrics.are_enabled():
        http = Measurement(http)
    if tracer is not None:
        http = Tracing(http, tracer=tracer)
    return LastResort(http, headers=headers)


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    """Opens what a worker needs. At the end all of it is closed in the opposite order, also if one part fails."""
    state = app.state
    database: Database = state.database
    async with AsyncExitStack() as stack:
        if state.tracer:
            state.tracer.open()
            stack.callback(state.tracer.close)
        stack.push_async_callback(database.close)
        await database.open()
        for provider in state.providers.values():
            stack.push_async_callback(provider.close)
        stack.push_async_callback(state.coach.close)
        tasks = [asyncio.create_task(rescuer.run(database, state.timings), name="rescuer")]
        if metrics.are_enabled():
            tasks.append(asyncio.create_task(database.measure(), name="pool metrics"))
        for task in tasks:
            stack.callback(task.cancel)
        if state.mcp:
            await stack.enter_async_context(state.mcp.run())
        yield
