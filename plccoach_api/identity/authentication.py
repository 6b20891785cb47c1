"""Finds the person whom a session's or a personal token signs in.

A page sends several requests at once, and a program may send hundreds with one token. Those of one token that arrive
together share one statement (shared_lookups.py).
"""

from contextlib import suppress

from plccoach_api import logs
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.database.pool import Database
from plccoach_api.identity.shared_lookups import SharedLookups
from plccoach_api.queries import personal_tokens, sessions
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules import personal_tokens as token_rules
from plccoach_api.rules.personal_tokens import PersonalToken
from plccoach_api.rules.sessions import IDLE, TOUCH_EVERY, SessionToken

_log = logs.get_logger(__name__)


class Authentication:
    """Finds people by their tokens. The methods return None for a token that signs nobody in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sessions = SharedLookups(self._find_by_session)
        self._tokens = SharedLookups(self._find_by_token)

    async def by_session(self, token: SessionToken) -> SignedInUser | None:
        return await self._sessions.get(token)

    async def by_token(self, token: PersonalToken) -> SignedInUser | None:
        return await self._tokens.get(token)

    async def _find_by_session(self, token: SessionToken) -> SignedInUser | None:
        user = await self._database.run_idempotent(
            sessions.get, user_id=token.user_id, token_hash=token.hash, idle=IDLE, touch_every=TOUCH_EVERY
        )
        if user and not user.alive:
            with suppress(*UNAVAILABLE):
                await self._delete_expired(token)
            return None
        if user and user.touch_due:
            # A read-only database still answers reads.
            with suppress(*UNAVAILABLE):
                await self._database.run_idempotent(
                    sessions.touch, user_id=user.id, id=user.session_id, touch_every=TOUCH_EVERY
                )
        return user

    async def _delete_expired(self, token: SessionToken) -> None:
        """Deletes an expired session. When several replicas find it at once, only one of them logs the expiry."""
        if await self._database.run_idempotent(sessions.delete, user_id=token.user_id, token_hash=token.hash):
            _log.info("session expired", user_id=token.user_id)

    async def _find_by_token(self, token: PersonalToken) -> SignedInUser | None:
        user = await self._database.run_idempotent(
            personal_tokens.get, user_id=token.user_id, token_hash=token.hash, touch_every=token_rules.TOUCH_EVERY
        )
        if user and user.touch_due:
            # A read-only database still answers reads.
            with suppress(*UNAVAILABLE):
                await self._database.run_idempotent(
                    personal_tokens.touch, user_id=user.id, id=user.token_id, touch_every=token_rules.TOUCH_EVERY
                )
        return user
