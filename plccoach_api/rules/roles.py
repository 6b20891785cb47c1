"""Who a person is to the service."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    educator = "educator"
    coach = "coach"
    admin = "admin"


class UserStatus(StrEnum):
    active = "active"
    inactive = "inactive"


class AuditAction(StrEnum):
    """What was changed of a person."""

    role_changed = "role_changed"
    status_changed = "status_changed"


class Provider(StrEnum):
    """Who vouches for a person's identity."""

    google = "google"
    clever = "clever"
    development = "development"


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be decided of a person."""

    role: Role
    status: UserStatus

    @property
    def administers(self) -> bool:
        return self.role is Role.admin and self.status is UserStatus.active


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became another, as the audit keeps it."""

    action: AuditAction
    before: dict[str, str]
    after: dict[str, str]


def changes(before: Standing, after: Standing) -> list[Change]:
    """One for each thing that is no longer what it was."""
    found = []
    if before.role is not after.role:
        found.append(Change(AuditAction.role_changed, {"role": before.role}, {"role": after.role}))
    if before.status is not after.status:
        found.append(Change(AuditAction.status_changed, {"status": before.status}, {"status": after.status}))
    return found
