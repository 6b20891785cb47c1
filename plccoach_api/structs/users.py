"""Users, as administrators see them."""

from typing import Self
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from plccoach_api.queries.conversations import Counts
from plccoach_api.queries.users import User as UserRow
from plccoach_api.rules.roles import Provider, Role, UserStatus
from plccoach_api.structs.auth import Organization
from plccoach_api.structs.time import Time


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person who has signed in at least once."""

    id: UUID
    email: str | None
    name: str
    role: Role
    status: UserStatus
    organization: Organization | None
    sso_provider: Provider
    created_at: Time
    last_login: Time | None

    @classmethod
    def of(cls, row: UserRow, **more: int) -> Self:
        return cls(
            id=row.id,
            email=row.email,
            name=row.name,
            role=row.role,
            status=row.status,
            organization=Organization.of(row.organization_id, row.organization_name),
            sso_provider=row.sso_provider,
            created_at=row.created_at,
            last_login=row.last_login,
            **more,
        )


class UserDetails(User, frozen=True, kw_only=True):
    """The same with how much they use the service; what they say is theirs alone."""

    conversation_count: int
    message_count: int

    @classmethod
    def with_counts(cls, row: UserRow, counts: Counts) -> Self:
        return cls.of(row, conversation_count=counts.conversations, message_count=counts.messages)


class UserPage(msgspec.Struct, frozen=True):
    """One page of a list of users; `total` counts all its pages."""

    items: list[User]
    next_cursor: str | None
    total: int


class UserUpdate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an administrator decides of a user; what is left out stays as it is."""

    role: Role | UnsetType = UNSET
    status: UserStatus | UnsetType = UNSET
