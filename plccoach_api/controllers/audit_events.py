"""The audit log: changes of roles, statuses and tokens, for administrators."""

from datetime import datetime

from litestar import get

from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import audit_events
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.cursors import Cursors
from plccoach_api.structs.audit_events import AuditEvent
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page


@get("/api/admin/audit", operation_id="listAuditEvents", tags=["administration"], summary="List audit events")
async def list_audit_events(
    database: Injected[Database], user: Injected[SignedInUser], limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[AuditEvent]:
    """Returns changes of users' roles and statuses, and of their personal tokens, newest first.

    An administrator sees the events of their own organization. An administrator without an organization sees all.
    """
    cursors = Cursors(user.id, "audit", datetime)
    before_time, before_id = cursors.read(cursor)
    rows = await database.run_on_replica(
        audit_events.list_for_admin,
        scope=user.organization_id,
        before_time=before_time,
        before_id=before_id,
        limit=limit + 1,
    )
    return Page.of(rows, limit, AuditEvent.of, lambda row: cursors.write(row.created_at, row.id))


ADMIN = (list_audit_events,)
