"""Draws the data set and stores it, oldest first."""

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
from plccoach_api.identity.sign_in import account
from plccoach_api.queries import users
from plccoach_api.rules.roles import Role, UserStatus
from tests.tools.seed import talks
from tests.tools.seed.people import colleagues, hero
from tests.tools.seed.store import store

_KNOWN_FOR = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Filled:
    people: int
    conversations: int
    exchanges: int
    longest: UUID
    """The hero's conversation of 50 messages."""


async def filled_before(database: Database) -> bool:
    first = colleagues()[0]
    known = await database.run_idempotent(users.get_for_sign_in, provider=first.provider, subject=first.subject)
    return known is not None


async def fill(
    database: Database, random: Random, now: datetime, number: int, *, told: Callable[[], None] = lambda: None
) -> Filled:
    """The hero gets so many conversations, and all the others together half as many; `told` is called after each."""
    own = await _arrive(database, hero(), random, now)
    others = [await _arrive(database, profile, random, now) for profile in colleagues()]
    longest = talks.draw(random, now, talks.LONGEST)
    drawn = [(own, longest)]
    drawn += [(own, talks.draw(random, now)) for _ in range(number - 1)]
    drawn += [(random.choice(others), talks.draw(random, now)) for _ in range(number // 2)]
    answers = {question: await answer(database, question) for question in talks.QUESTIONS}
    where = own
    # In the order in which it happened, so that rows lie on the disk as they would.
    for owner, talk in sorted(drawn, key=lambda each: each[1].turns[0].asked_at):
        async with database.transaction() as connection:
            made = await store(connection, owner, talk, answers, readers=others)
        if talk is longest:
            where = made
        told()
    await _administer(database, others)
    return Filled(len(others) + 1, len(drawn), sum(len(talk.turns) for _, talk in drawn), where)


async def answer(database: Database, question: str) -> Answer:
    """The coach's own, without a model: the same every time, and for nothing."""
    return await final_answer(respond(database, extractive_engine(), question, []))


def total(number: int) -> int:
    """How many conversations `fill` stores."""
    return number + number // 2


async def _arrive(database: Database, profile: Profile, random: Random, now: datetime) -> UUID:
    """Signed in for the first time before the first conversation, and for the last time these days."""
    last = now - timedelta(minutes=random.randint(5, 10_000))
    async with database.transaction() as connection:
        await account(connection, profile, now - _KNOWN_FOR)
        return (await account(connection, profile, last)).id


async def _administer(database: Database, others: Sequence[UUID]) -> None:
    """One of the Google domain was made a coach, and another has left; both stand in the audit."""
    *_, promoted, left, _coach, _admin = others
    await update_user(database, Actor(), promoted, role=Role.coach)
    await update_user(database, Actor(), left, status=UserStatus.inactive)
