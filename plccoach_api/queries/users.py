"""Users, reached through the identity that a sign-in provider vouches for."""

from datetime import datetime
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.roles import Provider, Role, UserStatus


class Account(Row, frozen=True):
    """What a sign-in needs to know of a user."""

    id: UUID
    organization_id: UUID | None
    role: Role
    status: UserStatus


_get_for_sign_in = Statement("users/get_for_sign_in", Account)
_sign_in = Statement("users/sign_in", Account)
_update_name = Statement("users/update_name", NoneType)


async def get_for_sign_in(connection: Connection, *, provider: Provider, subject: str) -> Account | None:
    return await _get_for_sign_in.one_or_none(connection, provider=provider, subject=subject)


async def sign_in(
    connection: Connection,
    *,
    provider: Provider,
    subject: str,
    new_id: UUID,
    email: str | None,
    name: str,
    role: Role,
    new_organization_id: UUID,
    organization_external_id: str | None,
    organization_name: str | None,
    now: datetime,
) -> Account:
    """The identity's user, made now under `new_id` if this is the first time, with the organization likewise."""
    return await _sign_in.one(
        connection,
        provider=provider,
        subject=subject,
        new_id=new_id,
        email=email,
        name=name,
        role=role,
        new_organization_id=new_organization_id,
        organization_external_id=organization_external_id,
        organization_name=organization_name,
        now=now,
    )


async def update_name(connection: Connection, *, id: UUID, name: str) -> None:
    await _update_name.execute(connection, id=id, name=name)
