"""The cost of a page does not depend on the length of its list, also under PostgreSQL's generic plan.

The list of users is left out, because it counts all users for its total.
"""

from typing import Any, Final
from uuid import UUID

import pytest

from plccoach_api.database.pool import Connection
from tests.statements import explain, fill, rows_read

_ROWS: Final = 2000
_LIMIT: Final = 21
_READER: Final = UUID(int=1)
_CONVERSATION: Final = UUID(int=2)

_FILL: Final = (
    """
    INSERT INTO users (id, name, role, status, created_at)
    VALUES (%(reader)s, 'Ada', 'educator', 'active', now())
    """,
    """
    INSERT INTO conversations (user_id, id, title, status, asked_at, created_at, updated_at)
    SELECT
        %(reader)s, lpad(to_hex(n), 32, '0')::uuid, 'A title', 'active', now(), now(),
        now() - n * interval '1 minute'
    FROM generate_series(1, %(rows)s) AS n
    """,
    """
    INSERT INTO messages (user_id, id, conversation_id, role, content, status, citations, domains, created_at)
    SELECT
        %(reader)s, lpad(to_hex(n), 32, '0')::uuid, %(conversation)s, 'user', 'A question', 'complete', '[]', '{}',
        now() + n * interval '1 minute'
    FROM generate_series(1, %(rows)s) AS n
    """,
    """
    INSERT INTO audit_events (id, target_id, action, before, after, created_at)
    SELECT gen_random_uuid(), %(reader)s, 'role_changed', '{}', '{}', now() - n * interval '1 minute'
    FROM generate_series(1, %(rows)s) AS n
    """,
    "ANALYZE conversations, messages, audit_events",
)


@pytest.mark.parametrize(
    ("name", "table", "parameters"),
    [
        (
            "conversations/list_for_user",
            "conversations",
            {"user_id": _READER, "status": "active", "preview_characters": 60},
        ),
        ("messages/list_for_conversation", "messages", {"user_id": _READER, "conversation_id": _CONVERSATION}),
        ("audit_events/list_for_admin", "audit_events", {}),
    ],
)
async def test_a_page_reads_its_own_rows_and_not_the_whole_list(
    connection: Connection, name: str, table: str, parameters: dict[str, Any]
) -> None:
    await fill(connection, _FILL, {"rows": _ROWS, "reader": _READER, "conversation": _CONVERSATION})
    plan = await explain(connection, name, {"limit": _LIMIT} | parameters)
    assert _LIMIT <= rows_read(plan, table) <= 3 * _LIMIT
