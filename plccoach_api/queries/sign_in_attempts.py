"""Attempts to sign in. An attempt is found by the hash of its state, and only by the browser that began it."""

from datetime import timedelta

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one_or_none
from plccoach_api.rules.roles import Provider


class SignInAttempt(Row, frozen=True):
    nonce: str
    code_verifier: str
    next_path: str | None
    expired: bool


@execute
async def create(
    connection: Connection,
    *,
    state_hash: bytes,
    browser_hash: bytes,
    provider: Provider,
    nonce: str,
    code_verifier: str,
    next_path: str | None,
    lifetime: timedelta,
) -> None: ...


@one_or_none
async def delete(
    connection: Connection, *, state_hash: bytes, browser_hash: bytes, provider: Provider
) -> SignInAttempt | None:
    """Returns the attempt to the first callback only, and None to every later one."""


@execute
async def delete_expired(connection: Connection, *, limit: int) -> int: ...
