"""Draws the users and conversations, and stores them, oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from plccoach_api.coach.answer import Answer, final_answer
from plccoach_api.coach.engine import extractive_engine
from plccoach_api.coach.pipeline import respond
from plccoach_api.database.pool import Database
from plccoach_api.identity.administration import Actor, update_user
from plccoach_api.identity.profile import Profile
from plccoach_api.identity.sign_in import store_account
from plccoach_api.queries import users
from plccoach_api.rules.roles import Role, UserStatus
from tests.tools.seed import talks
from tests.tools.seed.people import colleagues, main_user
from tests.tools.seed.store import store

_FIRST_SIGN_IN = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class SeedResult:
    people: int
    conversations: int
    exchanges: int
    longest: UUID
    """The id of the main user's conversation of 50 messages."""


async def is_filled(database: Database) -> bool:
    first = colleagues()[0]
    known = await database.run_idempotent(users.get_for_sign_in, provider=first.provider, subject=first.subject)
    return known is not None


async def fill(
    database: Database, random: Random, now: datetime, number: int, *, on_stored: Callable[[], None] = lambda: None
) -> SeedResult:
    """The main user gets `number` conversations, all others together half as many. Calls `on_stored` after each."""
    own = await _create_user(database, main_user(), random, now)
    others = [await _create_user(database, profile, random, now) for profile in colleagues()]
    longest = talks.draw(random, now, talks.LONGEST)
    drawn = [(own, longest)]
    drawn += [(own, talks.draw(random, now)) for _ in range(number - 1)]
    drawn += [(random.choice(others), talks.draw(random, now)) for _ in range(number // 2)]
    answers = {question: await answer(database, question) for question in talks.QUESTIONS}
    longest_id = own
    # In the order of time, so that the rows lie on the disk as in production.
    for owner, talk in sorted(drawn, key=lambda each: each[1].turns[0].asked_at):
        async with database.transaction() as connection:
            conversation_id = await store(connection, owner, talk, answers, readers=others)
        if talk is longest:
            longest_id = conversation_id
        on_stored()
    await _change_users(database, others)
    return SeedResult(len(others) + 1, len(drawn), sum(len(talk.turns) for _, talk in drawn), longest_id)


async def answer(database: Database, question: str) -> Answer:
    """Returns the extractive answer, which is the same every time and costs nothing."""
    return await final_answer(respond(database, extractive_engine(), question, []))


def count_conversations(number: int) -> int:
    """Returns the number of conversations that `fill` stores."""
    return number + number // 2


async def _create_user(database: Database, profile: Profile, random: Random, now: datetime) -> UUID:
    """The first sign-in is before all conversations, the last one in the past week."""
    last = now - timedelta(minutes=random.randint(5, 10_000))
    async with database.transaction() as connection:
        await store_account(connection, profile, now - _FIRST_SIGN_IN)
        user, _ = await store_account(connection, profile, last)
    return user.id


async def _change_users(database: Database, others: Sequence[UUID]) -> None:
    """Makes one user of the Google domain a coach and another inactive, which writes two audit events."""
    *_, promoted, left, _coach, _admin = others
    await update_user(database, Actor(), promoted, role=Role.coach)
    await update_user(database, Actor(), left, status=UserStatus.inactive)
