"""Authenticates a request by the session of its cookie."""

from typing import ClassVar

from litestar.types import ASGIApp, Receive, Scope, Send

from plccoach_api import problems
from plccoach_api.identity.authentication import Authentication
from plccoach_api.middleware import headers
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.sessions import SessionCookie

# The key in a handler's `opt` that marks a route behind this middleware. The OpenAPI document reads it.
SIGNED_IN = "signed_in"


class SignedIn:
    """Stores the user in the scope; refuses a request without a valid session.

    This is middleware and not a guard, because Litestar copies a handler for each of its guards at every request.
    """

    refusal: ClassVar[str] = problems.NotSignedIn.detail

    def __init__(self, app: ASGIApp, *, authentication: Authentication, cookie: SessionCookie) -> None:
        self.app = app
        self.authentication = authentication
        self.cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = await self.authenticate(scope)
        if user is None:
            raise problems.NotSignedIn(self.refusal)
        scope["user"] = user
        await self.app(scope, receive, send)

    async def authenticate(self, scope: Scope) -> SignedInUser | None:
        token = self.cookie.token(headers.values(scope["headers"], b"cookie"))
        return await self.authentication.by_session(token) if token else None
