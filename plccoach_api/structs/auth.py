"""The signed-in person."""

from typing import Self
from uuid import UUID

import msgspec

from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.structs.text import PersonName
from plccoach_api.structs.time import Time


class Organization(msgspec.Struct, frozen=True):
    """A school district, or a Google Workspace domain."""

    id: UUID
    name: str

    @classmethod
    def of(cls, id: UUID | None, name: str | None) -> Self | None:
        """Returns None for a person without an organization."""
        return cls(id, name) if id is not None and name is not None else None


class Me(msgspec.Struct, frozen=True):
    """The signed-in person."""

    id: UUID
    email: str | None
    name: str
    role: Role
    organization: Organization | None
    sso_provider: Provider
    created_at: Time
    last_login: Time | None

    @classmethod
    def of(cls, user: SignedInUser, *, name: str | None = None) -> Self:
        """Builds the person from the user of the request; `name` replaces the name that the request read."""
        return cls(
            id=user.id,
            email=user.email,
            name=user.name if name is None else name,
            role=user.role,
            organization=Organization.of(user.organization_id, user.organization_name),
            sso_provider=user.sso_provider,
            created_at=user.created_at,
            last_login=user.last_login,
        )


class MeUpdate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The changes that people may make to their own account."""

    name: PersonName


class SignedOut(msgspec.Struct, frozen=True):
    """The session of this browser has ended. The response is the same when there was no session."""

    message: str = "Logged out successfully"
