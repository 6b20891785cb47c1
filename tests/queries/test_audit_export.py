"""The export of a person reads that person's audit events only, also under PostgreSQL's generic plan."""

from typing import Final
from uuid import UUID

from plccoach_api.database.pool import Connection
from tests.statements import explain, fill, rows_read

_OWN: Final = 3
_PERSON: Final = UUID(int=1)

_FILL: Final = (
    """
    INSERT INTO users (id, name, role, status, created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 'Ada', 'educator', 'active', now() FROM generate_series(1, 500) AS n
    """,
    """
    INSERT INTO audit_events (id, actor_id, target_id, action, before, after, created_at)
    SELECT gen_random_uuid(), u.id, u.id, 'role_changed', '{}', '{}', now()
    FROM users AS u CROSS JOIN generate_series(1, %(own)s) AS n
    """,
    "ANALYZE users, audit_events",
)


async def test_an_export_reads_the_audit_events_of_its_person_only(connection: Connection) -> None:
    await fill(connection, _FILL, {"own": _OWN})
    plan = await explain(connection, "audit_events/list_for_user", {"user_id": _PERSON})
    assert rows_read(plan, "audit_events") == _OWN
