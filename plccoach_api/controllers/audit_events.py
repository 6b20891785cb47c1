"""The audit: who changed whose role or status."""

from litestar import get

from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import audit_events
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.cursors import Cursors, Position
from plccoach_api.structs.audit_events import AuditEvent
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page


@get("/api/admin/audit", operation_id="listAuditEvents", tags=["administration"], summary="The audit, newest first")
async def list_audit_events(
    database: Injected[Database], user: Injected[SessionUser], limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[AuditEvent]:
    """Changes of people of one's own organization, or without one of all."""
    cursors = Cursors(user.id, "audit")
    after = cursors.read(cursor) if cursor else None
    rows = await database.run_idempotent(
        audit_events.list_for_admin,
        scope=user.organization_id,
        before_time=after.time if after else None,
        before_id=after.id if after else None,
        limit=limit + 1,
    )
    next_cursor = None
    if len(rows) > limit:
        next_cursor = cursors.write(Position(rows[limit - 1].created_at, rows[limit - 1].id))
    return Page([AuditEvent.of(row) for row in rows[:limit]], next_cursor)


ADMIN = (list_audit_events,)
