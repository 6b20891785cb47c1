"""Attempts to sign in, found by the hash of their state and taken by their own browser only."""

from datetime import timedelta
from types import NoneType

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.roles import Provider


class SignInAttempt(Row, frozen=True):
    nonce: str
    code_verifier: str
    next_path: str | None
    expired: bool


_create = Statement("sign_in_attempts/create", NoneType)
_delete = Statement("sign_in_attempts/delete", SignInAttempt)
_delete_expired = Statement("sign_in_attempts/delete_expired", NoneType)


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
) -> None:
    await _create.execute(
        connection,
        state_hash=state_hash,
        browser_hash=browser_hash,
        provider=provider,
        nonce=nonce,
        code_verifier=code_verifier,
        next_path=next_path,
        lifetime=lifetime,
    )


async def delete(
    connection: Connection, *, state_hash: bytes, browser_hash: bytes, provider: Provider
) -> SignInAttempt | None:
    """The attempt, for the one who takes it; None for everybody after that."""
    return await _delete.one_or_none(connection, state_hash=state_hash, browser_hash=browser_hash, provider=provider)


async def delete_expired(connection: Connection, *, limit: int) -> int:
    return await _delete_expired.execute(connection, limit=limit)
