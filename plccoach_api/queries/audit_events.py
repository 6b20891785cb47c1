"""What was changed of people's roles and status, by whom, and from where."""

from collections.abc import Mapping
from datetime import datetime
from types import NoneType
from uuid import UUID

from psycopg.types.json import Jsonb

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
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


_create = Statement("audit_events/create", NoneType)
_list_for_admin = Statement("audit_events/list_for_admin", AuditEvent)
_list_for_user = Statement("audit_events/list_for_user", AuditEvent)


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
) -> None:
    await _create.execute(
        connection,
        id=id,
        organization_id=organization_id,
        actor_id=actor_id,
        target_id=target_id,
        action=action,
        before=Jsonb(before),
        after=Jsonb(after),
        address=address,
    )


async def list_for_admin(
    connection: Connection,
    *,
    scope: UUID | None,
    before_time: datetime | None,
    before_id: UUID | None,
    limit: int,
) -> list[AuditEvent]:
    return await _list_for_admin.all(connection, scope=scope, before_time=before_time, before_id=before_id, limit=limit)


async def list_for_user(connection: Connection, *, user_id: UUID) -> list[AuditEvent]:
    return await _list_for_user.all(connection, user_id=user_id)
