"""Authorization and rate limits. Guards run before dependencies, so a refused request opens no transaction.

middleware/session.py authenticates the user before. Guards are coroutine functions, because Litestar runs a plain
function in a thread at every request.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from plccoach_api import problems
from plccoach_api.middleware import client_address
from plccoach_api.queries import rate_limits
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.client_address import bucket
from plccoach_api.rules.rate_limits import MINUTE, retry_after
from plccoach_api.rules.roles import Role


async def require_admin(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Admits administrators. Routes with this guard need the session middleware."""
    user: SignedInUser = connection.scope["user"]
    if user.role is not Role.admin:
        raise problems.NotAllowed


async def limit_sign_ins(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Limits the sign-in requests per minute and client address, over all replicas."""
    state = connection.app.state
    address = client_address.of(connection.scope)
    async with state.database.transaction() as transaction:
        window = await rate_limits.count(transaction, name="sign-in", key=bucket(address), duration=MINUTE)
    if window.requests > state.settings.sign_in_rate_limit:
        raise problems.TooManyRequests(retry_after=retry_after(window.remaining))
