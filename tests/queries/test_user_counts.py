"""The total of an administrator's list is counted by an index where the list is not a search."""

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

import pytest

from plccoach_api.database.pool import Connection
from tests.conftest import rolled_back
from tests.statements import explain, fill, rows_read

_ROWS: Final = 20_000
_ORGANIZATION: Final = UUID(int=7)

_FILL: Final = (
    """
    INSERT INTO organizations (id, name, provider, external_id, created_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 'A district', 'clever', n::text, now() FROM generate_series(1, 20) AS n
    """,
    """
    INSERT INTO users (id, organization_id, name, role, status, created_at)
    SELECT
        gen_random_uuid(), lpad(to_hex(1 + n %% 20), 32, '0')::uuid, 'Ada',
        CASE n %% 100 WHEN 6 THEN 'admin' ELSE 'educator' END, CASE n %% 200 WHEN 6 THEN 'inactive' ELSE 'active' END,
        now()
    FROM generate_series(1, %(rows)s) AS n
    """,
    "ANALYZE users",
)


@pytest.fixture(scope="module")
async def filled(shared_database_url: str) -> AsyncIterator[Connection]:
    """A connection that sees many people, whom no test changes."""
    async with rolled_back(shared_database_url) as connection:
        await fill(connection, _FILL, {"rows": _ROWS})
        yield connection


@pytest.mark.parametrize(
    ("filters", "people"),
    [
        ({"scope": _ORGANIZATION}, 1000),
        ({"scope": _ORGANIZATION, "role": "admin"}, 200),
        ({"scope": _ORGANIZATION, "role": "admin", "status": "inactive"}, 100),
    ],
)
async def test_a_total_reads_only_the_people_that_it_counts(
    filled: Connection, filters: dict[str, Any], people: int
) -> None:
    plan = await explain(filled, "users/count_for_admin", filters, mode="force_custom_plan")
    assert rows_read(plan, "users") == people
