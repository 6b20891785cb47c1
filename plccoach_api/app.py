"""The application: what is wired to what, and in which order a request meets it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar_granian import GranianPlugin

from plccoach_api import problem_details
from plccoach_api import settings as settings_module
from plccoach_api.coach import engine
from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs import rescuer
from plccoach_api.coach.runs.start import Quota
from plccoach_api.controllers import (
    audit_events,
    auth,
    coach,
    conversations,
    documentation,
    exports,
    feedback,
    health,
    messages,
    sessions,
    shares,
    sign_in,
    streams,
    users,
)
from plccoach_api.database.pool import Database
from plccoach_api.http import dependencies, guards
from plccoach_api.http.requests import JSONRequest
from plccoach_api.http.responses import JSONResponse
from plccoach_api.identity.providers import configured
from plccoach_api.middleware.access_log import AccessLog
from plccoach_api.middleware.client_address import ClientAddress
from plccoach_api.middleware.cors import Preflight
from plccoach_api.middleware.options import Options
from plccoach_api.middleware.origin_check import OriginCheck
from plccoach_api.middleware.request_id import RequestID
from plccoach_api.middleware.request_limits import MAX_BODY, RequestLimits
from plccoach_api.middleware.response_headers import ResponseHeaders
from plccoach_api.middleware.session import SIGNED_IN, SignedIn
from plccoach_api.middleware.types import HTTPApp
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.settings import Settings


def create_app(settings: Settings | None = None) -> Litestar:
    settings = settings or settings_module.load()
    database = Database(settings)
    quota = Quota(settings.coach_rate_limit, settings.coach_cost_ceiling)
    asked = Coach(database, engine.make_engine(settings), quota)
    providers = configured(settings)
    cookie = SessionCookie(settings.secure_cookies)

    admin = Router(
        "/",
        route_handlers=[*users.ADMIN, *audit_events.ADMIN, *sessions.ADMIN],
        guards=[guards.admin],
    )
    signed_in = Router(
        "/",
        route_handlers=[
            *auth.SIGNED_IN,
            *sessions.SIGNED_IN,
            *conversations.SIGNED_IN,
            *messages.SIGNED_IN,
            *feedback.SIGNED_IN,
            *shares.SIGNED_IN,
            *exports.SIGNED_IN,
            *coach.SIGNED_IN,
            *streams.SIGNED_IN,
            admin,
        ],
        middleware=[lambda app: SignedIn(app, database=database, cookie=cookie)],
        opt={SIGNED_IN: True},
    )
    app = Litestar(
        route_handlers=[*health.handlers(settings), *documentation.HANDLERS, *sign_in.PUBLIC, *auth.PUBLIC, signed_in],
        dependencies=dependencies.provide(settings, database, asked, providers),
        exception_handlers={Exception: problem_details.respond},
        request_class=JSONRequest,
        response_class=JSONResponse,
        request_max_body_size=MAX_BODY,
        lifespan=[_open],
        state=State({"database": database, "coach": asked, "settings": settings, "providers": providers}),
        openapi_config=None,  # It would add routes; see openapi/.
        logging_config=None,
        plugins=[GranianPlugin(), dependencies.SequentialDependencies()],
    )
    app.asgi_handler = _wrap(app, settings)
    return app


def _wrap(app: Litestar, settings: Settings) -> ASGIApp:
    """What every request passes, also one for which there is no route; the last line is the outermost."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    http: HTTPApp = app.asgi_handler
    http = Options(http, methods={route.path_format: frozenset(route.methods) for route in routes})
    http = OriginCheck(http, origins=settings.allowed_origins)
    http = RequestLimits(http)
    http = Preflight(http, origins=settings.cors_origins)
    http = ResponseHeaders(http, origins=settings.cors_origins, production=settings.in_production)
    http = AccessLog(http)
    http = ClientAddress(http, trusted_proxies=settings.trusted_proxies)
    http = RequestID(http)

    def wrapped(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return http(scope, receive, send) if scope["type"] == ScopeType.HTTP else _ignore()

    return wrapped


async def _ignore() -> None:
    """A web socket, which the server does not let through."""


@asynccontextmanager
async def _open(app: Litestar) -> AsyncIterator[None]:
    database: Database = app.state.database
    await database.open()
    sweeping = asyncio.create_task(rescuer.run(database), name="sweep")
    try:
        yield
    finally:
        sweeping.cancel()
        await app.state.coach.close()
        for provider in app.state.providers.values():
            await provider.close()
        await database.close()
