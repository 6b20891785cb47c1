"""The dependencies that Litestar injects into handlers by the name of a parameter."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from litestar.connection import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from plccoach_api.coach.coach import Coach
from plccoach_api.database.pool import Database
from plccoach_api.http.readiness import ReadinessCheck
from plccoach_api.identity.administration import Actor
from plccoach_api.identity.flow import SignInFlow
from plccoach_api.identity.providers import SignInProvider
from plccoach_api.middleware import client_address
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.settings import Settings

T = TypeVar("T")

Injected: TypeAlias = NamedDependency[SkipValidation[T]]
"""The type of an injected parameter. It does not come from the client, so Litestar does not validate it."""


def provide(
    settings: Settings,
    database: Database,
    coach: Coach,
    providers: Mapping[Provider, SignInProvider],
    readiness_check: ReadinessCheck,
) -> dict[str, Provide]:
    cookie = SessionCookie(settings.secure_cookies)
    flow = SignInFlow(database, settings)
    return {
        "settings": Provide(lambda: settings, sync_to_thread=False),
        "database": Provide(lambda: database, sync_to_thread=False),
        "coach": Provide(lambda: coach, sync_to_thread=False),
        "cookie": Provide(lambda: cookie, sync_to_thread=False),
        "readiness_check": Provide(lambda: readiness_check, sync_to_thread=False),
        "providers": Provide(lambda: providers, sync_to_thread=False),
        "flow": Provide(lambda: flow, sync_to_thread=False),
        "user": Provide(_user, sync_to_thread=False),
        "actor": Provide(_actor, sync_to_thread=False),
        "request_id": Provide(_request_id, sync_to_thread=False),
        "now": Provide(_now, sync_to_thread=False),
    }


def _user(request: Request[SignedInUser, None, State]) -> SignedInUser:
    return request.user


def _actor(request: Request[SignedInUser, None, State]) -> Actor:
    return Actor(request.user.id, client_address.of(request.scope), request.user.organization_id)


def _request_id(request: Request[SignedInUser, None, State]) -> str:
    return str(request.scope.get("request_id", "unknown"))


def _now() -> datetime:
    return datetime.now(UTC)
