"""The spending of organizations on answers, one row per month (UTC)."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one_or_none


class MonthlySpending(Row, frozen=True):
    cost_usd: Decimal
    remaining: timedelta
    """The time until the month ends."""


@execute
async def create(connection: Connection, *, user_id: UUID, cost_usd: Decimal) -> None: ...


@one_or_none
async def get_for_user(connection: Connection, *, user_id: UUID) -> MonthlySpending | None: ...
