"""Users. A sign-in finds a user by identity: a provider, and the user's id at that provider (`subject`)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, one_or_none, rows
from plccoach_api.rules.roles import Provider, Role, UserStatus


class Account(Row, frozen=True):
    id: UUID
    organization_id: UUID | None
    role: Role
    status: UserStatus


class KnownUser(Row, frozen=True):
    """A user who has signed in before, or whom an operator has created."""

    id: UUID
    organization_id: UUID | None
    email: str | None
    name: str
    role: Role
    status: UserStatus
    name_chosen: bool
    role_assigned: bool
    organization_external_id: str | None
    organization_name: str | None


class User(Row, frozen=True):
    """A user as an administrator sees them."""

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


class SignedInUser(Row, frozen=True):
    """Everything that a request needs to know of the person who sends it, however they signed in."""

    id: UUID
    email: str | None
    name: str
    role: Role
    organization_id: UUID | None
    organization_name: str | None
    sso_provider: Provider
    created_at: datetime
    last_login: datetime | None


class SearchSample(Row, frozen=True):
    """How many of the newest users were read, and how many of these match."""

    sampled: int
    matching: int


class FoundUsers(Row, frozen=True):
    """The number of users on all pages of a search, and the ids on one page."""

    total: int
    ids: tuple[UUID, ...]


class StoredAccount(Row, frozen=True):
    """A sign-in keeps a chosen name. It keeps an assigned role while the organization stays the same."""

    subject: str
    last_used_at: datetime
    name_chosen: bool
    role_assigned: bool


@one_or_none
async def get_for_sign_in(connection: Connection, *, provider: Provider, subject: str) -> KnownUser | None: ...


@one_or_none
async def get_status(connection: Connection, *, id: UUID) -> UserStatus | None: ...


@one
async def update_from_profile(
    connection: Connection, *, id: UUID, organization_id: UUID | None, email: str | None, name: str, role: Role
) -> Account: ...


@execute
async def create(
    connection: Connection,
    *,
    id: UUID,
    organization_id: UUID | None,
    email: str | None,
    name: str,
    role: Role,
    role_assigned: bool,
    now: datetime,
) -> None: ...


@execute
async def update_name(connection: Connection, *, id: UUID, name: str) -> int: ...


@rows
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
) -> list[User]: ...


@one
async def count_for_admin(
    connection: Connection,
    *,
    scope: UUID | None,
    search: str | None,
    role: Role | None,
    organization_id: UUID | None,
    status: UserStatus | None,
) -> int: ...


@one
async def sample_for_admin(
    connection: Connection, *, scope: UUID | None, search: str, organization_id: UUID | None, limit: int
) -> SearchSample: ...


@one
async def search_for_admin(
    connection: Connection,
    *,
    scope: UUID | None,
    search: str,
    role: Role | None,
    organization_id: UUID | None,
    status: UserStatus | None,
    before_time: datetime | None,
    before_id: UUID | None,
    limit: int,
) -> FoundUsers: ...


@rows
async def list_by_id(connection: Connection, *, ids: Sequence[UUID]) -> list[User]: ...


@one_or_none
async def get_for_admin(connection: Connection, *, user_id: UUID, scope: UUID | None) -> User | None: ...


@rows
async def list_by_email(connection: Connection, *, email: str) -> list[User]: ...


@rows
async def list_admins_for_update(connection: Connection, *, organization_id: UUID | None) -> list[UUID]: ...


@one_or_none
async def get_for_update(connection: Connection, *, id: UUID, scope: UUID | None) -> Account | None: ...


@execute
async def update(connection: Connection, *, id: UUID, role: Role, status: UserStatus, role_assigned: bool) -> None: ...


@execute
async def delete(connection: Connection, *, id: UUID) -> int: ...


@one_or_none
async def get_account(connection: Connection, *, user_id: UUID) -> StoredAccount | None: ...
