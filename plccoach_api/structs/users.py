"""Users, as administrators read them."""

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
    """A person with an account."""

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
    def of(cls, row: UserRow, **counts: int) -> Self:
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
            **counts,
        )


class UserDetails(User, frozen=True, kw_only=True):
    """A user with the number of their conversations and messages. Administrators cannot read the messages.

    `tokens` is the number of the user's valid personal tokens.
    """

    conversation_count: int
    message_count: int
    tokens: int

    @classmethod
    def with_counts(cls, row: UserRow, counts: Counts, tokens: int) -> Self:
        return cls.of(row, conversation_count=counts.conversations, message_count=counts.messages, tokens=tokens)


class UserPage(msgspec.Struct, frozen=True):
    """One page of a list of users. `total` is the number of users on all pages."""

    items: list[User]
    next_cursor: str | None
    total: int


class UserUpdate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Changes of a user, made by an administrator. A field that is left out keeps its value."""

    role: Role | UnsetType = UNSET
    status: UserStatus | UnsetType = UNSET
