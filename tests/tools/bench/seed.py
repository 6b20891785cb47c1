"""The database that every system is measured on. One person has 1,000 conversations, and another person asks.

They are two people because each question changes the list of conversations of the person who asks, and the list that
is measured must stay the same.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import psycopg

from plccoach_api import resources, settings
from plccoach_api.coach.answer import Answer
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.identity import development
from plccoach_api.identity.sign_in import store_account
from plccoach_api.queries import conversations
from plccoach_api.rules.roles import Role
from tests.tools.seed.fill import answer, fill

READER = development.DEFAULT_EMAIL
ASKER = "asker@example.org"
QUESTION = "What are the four critical questions of a PLC?"
SEARCH = "formative assess"

# Enough that each connection posts in a conversation of its own: a second question during an answer is a 409.
PLACES = 2048

_CONVERSATIONS = 1000
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Prepared:
    answer: Answer
    """The answer to QUESTION."""
    longest: UUID
    """The id of the reader's conversation of 50 messages."""


def place(number: int) -> UUID:
    """The id of a conversation to post in. A script of pgbench can compute the same id."""
    return UUID(int=number + 1)


def prepare(url: str) -> Prepared:
    migrations.upgrade(url)
    prepared = asyncio.run(_fill(url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return prepared


async def _fill(url: str) -> Prepared:
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        await ingest(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL)
        now = datetime.now(UTC)
        filled = await fill(database, Random(1), now, _CONVERSATIONS)
        async with database.transaction() as connection:
            profile = development.profile(email=ASKER, name=None, role=Role.educator)
            asker, _ = await store_account(connection, profile, now)
        for first in range(0, PLACES, _AT_ONCE):
            async with database.transaction() as connection:
                await _make_places(connection, asker.id, range(first, first + _AT_ONCE), now)
        return Prepared(await answer(database, QUESTION), filled.longest)
    finally:
        await database.close()


async def _make_places(connection: Connection, asker: UUID, numbers: range, now: datetime) -> None:
    for number in numbers:
        await conversations.create(connection, user_id=asker, id=place(number), title=None, asked_at=None, now=now)
