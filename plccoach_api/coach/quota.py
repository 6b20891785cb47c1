"""The limits on what a person asks, searches and reads in an hour, and on what an organization spends in a month.

Each function counts in the caller's transaction, so that a refused request does not count.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from plccoach_api import problems
from plccoach_api.database.pool import Connection
from plccoach_api.queries import rate_limits, spending
from plccoach_api.rules.rate_limits import HOUR, PASSAGES_AN_HOUR, retry_after

_TOO_MANY_QUESTIONS = "Too many requests were sent. The limit of questions an hour is {most:,}."
_TOO_MANY_SEARCHES = "Too many requests were sent. The limit of searches an hour is {most:,}."
_TOO_MANY_PASSAGES = "You have read {most:,} passages within an hour. Passages that your answers cite are not counted."


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits on questions: a number for each user, and a cost for each organization (None is unlimited)."""

    questions_an_hour: int
    dollars_a_month: Decimal | None


async def count_against_quota(connection: Connection, user_id: UUID, quota: Quota) -> None:
    """Counts a question. Raises TooManyRequests or CostCeilingReached."""
    await _count_within_hour(connection, "coach", user_id, quota.questions_an_hour, _TOO_MANY_QUESTIONS)
    if quota.dollars_a_month is None:
        return
    month = await spending.get_for_user(connection, user_id=user_id)
    if month and month.cost_usd >= quota.dollars_a_month:
        raise problems.CostCeilingReached(retry_after=retry_after(month.remaining))


async def count_search(connection: Connection, user_id: UUID, quota: Quota) -> None:
    """Counts a search without an answer. A person may search as often as ask. Raises TooManyRequests."""
    await _count_within_hour(connection, "search", user_id, quota.questions_an_hour, _TOO_MANY_SEARCHES)


async def count_passage(connection: Connection, user_id: UUID) -> None:
    """Counts a whole passage that a person reads. Raises TooManyRequests."""
    await _count_within_hour(connection, "passages", user_id, PASSAGES_AN_HOUR, _TOO_MANY_PASSAGES)


async def _count_within_hour(connection: Connection, name: str, user_id: UUID, most: int, detail: str) -> None:
    window = await rate_limits.count(connection, name=name, key=str(user_id), duration=HOUR)
    if window.requests > most:
        raise problems.TooManyRequests(detail.format(most=most), retry_after=retry_after(window.remaining))
