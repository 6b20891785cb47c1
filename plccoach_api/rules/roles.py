"""Roles and statuses of users, and how the audit log describes changes."""

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
    """The kind of a change that the audit log records."""

    role_changed = "role_changed"
    status_changed = "status_changed"
    token_created = "token_created"  # noqa: S105 - the name of an event
    token_ended = "token_ended"  # noqa: S105


class Provider(StrEnum):
    """The provider that confirms a person's identity."""

    google = "google"
    clever = "clever"
    development = "development"


@dataclass(frozen=True, slots=True)
class Standing:
    """A user's role and status, which an administrator can change."""

    role: Role
    status: UserStatus

    @property
    def administers(self) -> bool:
        return self.role is Role.admin and self.status is UserStatus.active


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one value, as the audit log records it."""

    action: AuditAction
    before: dict[str, str]
    after: dict[str, str]


def changes(before: Standing, after: Standing) -> list[Change]:
    """Returns one change for each value that differs."""
    differing = []
    if before.role is not after.role:
        differing.append(Change(AuditAction.role_changed, {"role": before.role}, {"role": after.role}))
    if before.status is not after.status:
        differing.append(Change(AuditAction.status_changed, {"status": before.status}, {"status": after.status}))
    return differing
