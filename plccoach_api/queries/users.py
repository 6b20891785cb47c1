"""Users, reached through the identity that a sign-in provider vouches for."""

from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.roles import Provider, Role, UserStatus


class SignedIn(Row, frozen=True):
    id: UUID
    status: UserStatus


_sign_in = Statement("users/sign_in", SignedIn)


async def sign_in(
    connection: Connection,
    *,
    provider: Provider,
    subject: str,
    new_id: UUID,
    email: str | None,
    name: str,
    role: Role,
    now: datetime,
) -> SignedIn:
    """The identity's user, made now under `new_id` if this is the first time."""
    return await _sign_in.one(
        connection,
        provider=provider,
        subject=subject,
        new_id=new_id,
        email=email,
        name=name,
        role=role,
        now=now,
    )
