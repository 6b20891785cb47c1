"""Audit events: the changes of users' roles, statuses and tokens, each with its actor, time and address."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, rows
from plccoach_api.rules.roles import AuditAction


class AuditEvent(Row, frozen=True):
    id: UUID
    action: AuditAction
    actor_id: UUID | None
    actor_name: str | None
    target_id: UUID
    target_name: str | None
    before: Mapping[str, str]
    after: Mapping[str, str]
    address: str | None
    created_at: datetime


@execute
async def create(
    connection: Connection,
    *,
    id: UUID,
    organization_id: UUID | None,
    actor_id: UUID | None,
    target_id: UUID,
    action: AuditAction,
    before: Mapping[str, str],
    after: Mapping[str, str],
    address: str | None,
) -> None: ...


@rows
async def list_for_admin(
    connection: Connection,
    *,
    scope: UUID | None,
    before_time: datetime | None,
    before_id: UUID | None,
    limit: int,
) -> list[AuditEvent]: ...


@rows
async def list_for_user(connection: Connection, *, user_id: UUID) -> list[AuditEvent]: ...
