"""Audit events, as administrators read them."""

from typing import Self
from uuid import UUID

import msgspec

from plccoach_api.queries.audit_events import AuditEvent as AuditEventRow
from plccoach_api.rules.roles import AuditAction
from plccoach_api.structs.time import Time


class Person(msgspec.Struct, frozen=True):
    """The user who made a change, or whom it concerns. The name is null when the user was deleted."""

    id: UUID
    name: str | None


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a user's role or status, or the creation or the end of one of their personal tokens.

    `actor` is null when the change came from the command line, or from the provider at a sign-in. `address` is the IP
    address of the actor's request.
    """

    id: UUID
    action: AuditAction
    actor: Person | None
    target: Person
    before: dict[str, str]
    after: dict[str, str]
    address: str | None
    created_at: Time

    @classmethod
    def of(cls, row: AuditEventRow) -> Self:
        return cls(
            id=row.id,
            action=row.action,
            actor=Person(row.actor_id, row.actor_name) if row.actor_id else None,
            target=Person(row.target_id, row.target_name),
            before=dict(row.before),
            after=dict(row.after),
            address=row.address,
            created_at=row.created_at,
        )
