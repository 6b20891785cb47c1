"""Authenticates a request by a personal token, or by the session where it has none."""

from litestar.types import Scope

from plccoach_api import problems
from plccoach_api.middleware import headers
from plccoach_api.middleware.session import SignedIn
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.personal_tokens import PersonalToken

# The key in a handler's `opt` that lets personal tokens use the route. The OpenAPI document reads it.
ACCEPTS_TOKENS = "accepts_tokens"


class SignedInOrToken(SignedIn):
    """A token counts before the cookie: when it is not valid, the request is refused, whatever the cookie says.

    A valid token is refused on every route that does not say that it accepts tokens.
    """

    async def authenticate(self, scope: Scope) -> SignedInUser | None:
        text = headers.bearer(scope["headers"])
        if text is None:
            return await super().authenticate(scope)
        token = PersonalToken.parse(text)
        user = await self.authentication.by_token(token) if token else None
        if user and not scope["route_handler"].opt.get(ACCEPTS_TOKENS):
            raise problems.TokenNotAllowed
        return user


class TokenOnly(SignedInOrToken):
    """Refuses a request without a token, whatever its cookie says: these routes have no check of origins."""

    refusal = (
        "Send a personal token that is valid: Authorization: Bearer plc_…. "
        "The request has none, or one that is mistyped or has ended."
    )

    async def authenticate(self, scope: Scope) -> SignedInUser | None:
        if headers.bearer(scope["headers"]) is None:
            return None
        return await super().authenticate(scope)
