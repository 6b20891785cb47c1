"""The daily job finds the rows that it deletes by an index: the cost of a batch does not depend on the table's size."""

from datetime import timedelta
from typing import Any, Final

import pytest

from plccoach_api.database.pool import Connection
from tests.statements import explain, fill, rows_read

_ROWS: Final = 40_000
_BATCH: Final = 100

_USERS: Final = """
    INSERT INTO users (id, name, role, status, created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 'Ada', 'educator', 'active', now() FROM generate_series(1, 200) AS n
"""
# Every tenth row is due.
_FILLS: Final = {
    "sessions": """
        INSERT INTO sessions (user_id, id, token_hash, user_agent, created_at, last_accessed_at, expires_at)
        SELECT
            lpad(to_hex(1 + n %% 200), 32, '0')::uuid, gen_random_uuid(), sha256(n::text::bytea), '',
            now() - interval '3 days',
            now() - CASE n %% 20 WHEN 0 THEN interval '2 days' ELSE interval '1 minute' END,
            now() + CASE n %% 20 WHEN 10 THEN interval '-1 day' ELSE interval '1 day' END
        FROM generate_series(1, %(rows)s) AS n
    """,
    "personal_tokens": """
        INSERT INTO personal_tokens (user_id, id, name, token_hash, hint, created_at, expires_at)
        SELECT
            lpad(to_hex(1 + n %% 200), 32, '0')::uuid, gen_random_uuid(), 'A script', sha256(n::text::bytea), 'AAAA',
            now() - interval '3 days',
            now() + CASE n %% 10 WHEN 0 THEN interval '-1 day' ELSE interval '1 day' END
        FROM generate_series(1, %(rows)s) AS n
    """,
    "idempotency_keys": """
        INSERT INTO idempotency_keys (user_id, key, request_hash, message_id, created_at, expires_at)
        SELECT
            lpad(to_hex(1 + n %% 200), 32, '0')::uuid, n::text, sha256(''), gen_random_uuid(), now(),
            now() + CASE n %% 10 WHEN 0 THEN interval '-1 day' ELSE interval '1 day' END
        FROM generate_series(1, %(rows)s) AS n
    """,
    "conversations": """
        INSERT INTO conversations (user_id, id, title, status, created_at, updated_at, asked_at, archived_at)
        SELECT
            lpad(to_hex(1 + n %% 200), 32, '0')::uuid, gen_random_uuid(), 'A title', 'active', now(),
            now() - interval '900 days',
            CASE n %% 20 WHEN 0 THEN NULL ELSE now() END,
            CASE n %% 20 WHEN 10 THEN now() - interval '800 days' WHEN 11 THEN now() END
        FROM generate_series(1, %(rows)s) AS n
    """,
    "shares": """
        INSERT INTO shares (user_id, conversation_id, token_hash, created_at, expires_at)
        SELECT
            user_id, id, sha256(id::text::bytea), now(),
            now() + CASE get_byte(uuid_send(id), 0) % 10 WHEN 0 THEN interval '-1 day' ELSE interval '1 day' END
        FROM conversations
    """,
    "sign_in_attempts": """
        INSERT INTO sign_in_attempts (state_hash, browser_hash, provider, nonce, code_verifier, created_at, expires_at)
        SELECT
            sha256(n::text::bytea), sha256(''), 'google', '', '', now(),
            now() + CASE n %% 10 WHEN 0 THEN interval '-3 days' ELSE interval '1 day' END
        FROM generate_series(1, %(rows)s) AS n
    """,
    "rate_limits": """
        INSERT INTO rate_limits (name, key, requests, begun_at, ends_at)
        SELECT
            'test', n::text, 1, now(),
            now() + CASE n %% 10 WHEN 0 THEN interval '-1 day' ELSE interval '1 day' END
        FROM generate_series(1, %(rows)s) AS n
    """,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("sessions/delete_expired", {"idle": timedelta(minutes=30)}),
        ("personal_tokens/delete_expired", {}),
        ("idempotency_keys/delete_expired", {}),
        ("conversations/delete_expired", {"archived_for": timedelta(days=730), "unused_for": timedelta(days=1)}),
        ("shares/delete_expired", {}),
        ("sign_in_attempts/delete_expired", {}),
        ("rate_limits/delete_ended", {}),
    ],
)
async def test_a_batch_reads_at_most_twice_the_rows_that_it_deletes(
    connection: Connection, name: str, parameters: dict[str, Any]
) -> None:
    table = name.partition("/")[0]
    needed = [_FILLS["conversations"]] if table == "shares" else []
    await fill(connection, [_USERS, *needed, _FILLS[table], f"ANALYZE {table}"], {"rows": _ROWS})
    # The job asks for this plan: the generic plan does not know how small a batch is.
    plan = await explain(connection, name, {"limit": _BATCH} | parameters, mode="force_custom_plan")
    assert _BATCH <= rows_read(plan, table) <= 2 * _BATCH
    [[left]] = await (await connection.execute(f"SELECT count(*) FROM {table}".encode())).fetchall()
    assert left == _ROWS - _BATCH
