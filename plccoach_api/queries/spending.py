"""The spending of organizations on answers, one row per month (UTC)."""

from datetime import timedelta
from decimal import Decimal
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class MonthlySpending(Row, frozen=True):
    cost_usd: Decimal
    remaining: timedelta
    """The time until the month ends."""


_create = Statement("spending/create", NoneType)
_get_for_user = Statement("spending/get_for_user", MonthlySpending)


async def create(connection: Connection, *, user_id: UUID, cost_usd: Decimal) -> None:
    await _create.execute(connection, user_id=user_id, cost_usd=cost_usd)


async def get_for_user(connection: Connection, *, user_id: UUID) -> MonthlySpending | None:
    return await _get_for_user.one_or_none(connection, user_id=user_id)
