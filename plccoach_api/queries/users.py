"""Users, reached through the identity that a sign-in provider vouches for."""

from datetime import datetime
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.roles import Provider, Role, UserStatus


class Account(Row, frozen=True):
    """What a user is to the service."""

    id: UUID
    organization_id: UUID | None
    role: Role
    status: UserStatus


class User(Row, frozen=True):
    """A user, as administrators see them."""

    id: UUID
    email: str | None
    name: str
    role: Role
    status: UserStatus
    organization_id: UUID | None
    organization_name: str | None
    sso_provider: Provider
    created_at: datetime
    last_login: datetime | None


class StoredAccount(Row, frozen=True):
    """Whether they chose their name, and an administrator their role: then their provider's does not replace it."""

    subject: str
    last_used_at: datetime
    name_chosen: bool
    role_assigned: bool


_get_for_sign_in = Statement("users/get_for_sign_in", Account)
_sign_in = Statement("users/sign_in", Account)
_update_name = Statement("users/update_name", NoneType)
_list_for_admin = Statement("users/list_for_admin", User)
_count_for_admin = Statement("users/count_for_admin", int)
_get_for_admin = Statement("users/get_for_admin", User)
_list_by_email = Statement("users/list_by_email", User)
_list_admins_for_update = Statement("users/list_admins_for_update", UUID)
_get_for_update = Statement("users/get_for_update", Account)
_update = Statement("users/update", NoneType)
_delete = Statement("users/delete", NoneType)
_get_account = Statement("users/get_account", StoredAccount)


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


async def list_for_admin(
    connection: Connection,
    *,
    scope: UUID | None,
    search: str | None,
    role: Role | None,
    organization_id: UUID | None,
    status: UserStatus | None,
    before_time: datetime | None,
    before_id: UUID | None,
    limit: int,
) -> list[User]:
    return await _list_for_admin.all(
        connection,
        scope=scope,
        search=search,
        role=role,
        organization_id=organization_id,
        status=status,
        before_time=before_time,
        before_id=before_id,
        limit=limit,
    )


async def count_for_admin(
    connection: Connection,
    *,
    scope: UUID | None,
    search: str | None,
    role: Role | None,
    organization_id: UUID | None,
    status: UserStatus | None,
) -> int:
    return await _count_for_admin.one(
        connection, scope=scope, search=search, role=role, organization_id=organization_id, status=status
    )


async def get_for_admin(connection: Connection, *, id: UUID, scope: UUID | None) -> User | None:
    return await _get_for_admin.one_or_none(connection, id=id, scope=scope)


async def list_by_email(connection: Connection, *, email: str) -> list[User]:
    return await _list_by_email.all(connection, email=email)


async def list_admins_for_update(connection: Connection, *, organization_id: UUID | None) -> list[UUID]:
    return await _list_admins_for_update.all(connection, organization_id=organization_id)


async def get_for_update(connection: Connection, *, id: UUID, scope: UUID | None) -> Account | None:
    return await _get_for_update.one_or_none(connection, id=id, scope=scope)


async def update(connection: Connection, *, id: UUID, role: Role, status: UserStatus, role_assigned: bool) -> None:
    await _update.execute(connection, id=id, role=role, status=status, role_assigned=role_assigned)


async def delete(connection: Connection, *, id: UUID) -> int:
    return await _delete.execute(connection, id=id)


async def get_account(connection: Connection, *, id: UUID) -> StoredAccount | None:
    return await _get_account.one_or_none(connection, id=id)
