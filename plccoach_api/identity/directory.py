"""The users that an administrator lists and searches.

A search has two ways, with the same result. A scan compares the users one by one, in the order of the list. The index
of trigrams finds the users who may match, and only these are compared. A scan is faster where matches are frequent: a
page is full soon, and the index would return most of the table. Where everybody matches, the planner would even compute
the trigrams of all users instead of reading the index. A sample of the newest users decides.

`page` and `count` need a transaction, because each statement is planned for its values: a plan for all values could use
neither the index of trigrams nor that of an organization.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries import planner, users
from plccoach_api.queries.users import User
from plccoach_api.rules.roles import Role, UserStatus

_SAMPLE = 1000
_FREQUENT = 0.2


@dataclass(frozen=True, slots=True)
class Filters:
    """The users to list. `scope` is the organization of the administrator, who sees nobody else."""

    scope: UUID | None = None
    search: str | None = None
    role: Role | None = None
    organization_id: UUID | None = None
    status: UserStatus | None = None


async def page(
    connection: Connection, filters: Filters, before: tuple[datetime, UUID] | tuple[None, None], limit: int
) -> tuple[list[User], int | None]:
    """Returns users, newest first, and the number of users on all pages, or None where finding them did not count them.

    The page begins after the user with the time of creation and the id in `before`.
    """
    await planner.force_custom_plan(connection)
    before_time, before_id = before
    parameters: dict[str, Any] = {**asdict(filters), "before_time": before_time, "before_id": before_id, "limit": limit}
    if filters.search and await _is_rare(connection, filters, filters.search):
        found = await users.search_for_admin(connection, **parameters)
        return await users.list_by_id(connection, ids=found.ids), found.total
    rows = await users.list_for_admin(connection, **parameters)
    is_whole = before_id is None and len(rows) < limit
    return rows, len(rows) if is_whole else None


async def count(connection: Connection, filters: Filters) -> int:
    """Returns the number of users on all pages, by a scan."""
    await planner.force_custom_plan(connection)
    return await users.count_for_admin(connection, **asdict(filters))


async def _is_rare(connection: Connection, filters: Filters, search: str) -> bool:
    sample = await users.sample_for_admin(
        connection,
        scope=filters.scope,
        search=search,
        organization_id=filters.organization_id,
        limit=_SAMPLE,
    )
    # If the sample has all users, a scan reads no more than it did.
    return sample.sampled == _SAMPLE and sample.matching < _FREQUENT * _SAMPLE
