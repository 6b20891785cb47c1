"""Authenticates a request by a personal token, or by the session where it has none."""

from contextlib import suppress

from litestar.types import Scope

from plccoach_api import problems
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.middleware import headers
from plccoach_api.middleware.session import SignedIn
from plccoach_api.queries import personal_tokens
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.personal_tokens import TOUCH_EVERY, PersonalToken

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
        user = await self._owner(token) if token else None
        if user and not scope["route_handler"].opt.get(ACCEPTS_TOKENS):
            raise problems.TokenNotAllowed
        return user

    async def _owner(self, token: PersonalToken) -> SignedInUser | None:
        user = await self.database.run_idempotent(
            personal_tokens.get, user_id=token.user_id, token_hash=token.hash, touch_every=TOUCH_EVERY
        )
        if user and user.touch_due:
            # A read-only database still answers reads.
            with suppress(*UNAVAILABLE):
                await self.database.run_idempotent(
                    personal_tokens.touch, user_id=user.id, id=user.token_id, touch_every=TOUCH_EVERY
                )
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
