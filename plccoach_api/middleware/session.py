"""Authenticates a request: reads the cookie's session and its user in one statement."""

from contextlib import suppress
from typing import ClassVar

from litestar.types import ASGIApp, Receive, Scope, Send

from plccoach_api import logs, problems
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.middleware import headers
from plccoach_api.queries import sessions
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.sessions import IDLE, TOUCH_EVERY, SessionCookie, SessionToken

_log = logs.get_logger(__name__)


# The key in a handler's `opt` that marks a route behind this middleware. The OpenAPI document reads it.
SIGNED_IN = "signed_in"


class SignedIn:
    """Stores the user in the scope; refuses a request without a valid session.

    This is middleware and not a guard, because Litestar copies a handler for each of its guards at every request.
    """

    refusal: ClassVar[str] = problems.NotSignedIn.detail

    def __init__(self, app: ASGIApp, *, database: Database, cookie: SessionCookie) -> None:
        self.app = app
        self.database = database
        self.cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = await self.authenticate(scope)
        if user is None:
            raise problems.NotSignedIn(self.refusal)
        scope["user"] = user
        await self.app(scope, receive, send)

    async def authenticate(self, scope: Scope) -> SignedInUser | None:
        token = self.cookie.token(headers.values(scope["headers"], b"cookie"))
        return await self._user(token) if token else None

    async def _user(self, token: SessionToken) -> SessionUser | None:
        user = await self.database.run_idempotent(
            sessions.get, user_id=token.user_id, token_hash=token.hash, idle=IDLE, touch_every=TOUCH_EVERY
        )
        if user and not user.alive:
            with suppress(*UNAVAILABLE):
                await self._delete(user, token)
            return None
        if user and user.touch_due:
            # A read-only database still answers reads.
            with suppress(*UNAVAILABLE):
                await self.database.run_idempotent(
                    sessions.touch, user_id=user.id, id=user.session_id, touch_every=TOUCH_EVERY
                )
        return user

    async def _delete(self, user: SessionUser, token: SessionToken) -> None:
        """Deletes an expired session. When several requests find it at once, only one of them logs the expiry."""
        if await self.database.run_idempotent(sessions.delete, user_id=token.user_id, token_hash=token.hash):
            _log.info("session expired", user_id=user.id)
