"""What has had its time is removed, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from plccoach_api import ids, settings
from plccoach_api.database.pool import Connection, Database
from plccoach_api.maintenance import retention
from plccoach_api.queries import conversations, idempotency_keys, messages, shares
from plccoach_api.rules.messages import LEASE
from plccoach_api.rules.sharing import ShareToken
from plccoach_api.settings import Settings
from tests.people import NOW, make_user


@pytest.fixture
async def database(development: Settings) -> AsyncIterator[Database]:
    database = Database(development)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def owner(database: Database) -> UUID:
    async with database.transaction() as connection:
        return await make_user(connection)


async def converse(database: Database, owner: UUID, *, asked: bool) -> UUID:
    """A conversation with a link, and perhaps with a question."""
    talk = ids.new()
    async with database.transaction() as connection:
        if asked:
            await conversations.create(connection, user_id=owner, id=talk, title="Norms", now=NOW)
            await ask(connection, owner, talk, NOW)
        else:
            await conversations.create_empty(connection, user_id=owner, id=talk, title="Norms", now=NOW)
        token = ShareToken.new()
        await shares.create(connection, user_id=owner, conversation_id=talk, token_hash=token.hash, lifetime=None)
    return talk


async def ask(connection: Connection, owner: UUID, talk: UUID, asked_at: datetime) -> None:
    await messages.create_exchange(
        connection,
        user_id=owner,
        conversation_id=talk,
        question_id=ids.new(),
        question="What are norms?",
        answer_id=ids.new(),
        asked_at=asked_at,
        run_id=ids.new(),
        lease=LEASE,
    )


def change(url: str, talk: UUID, assignments: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"UPDATE conversations SET {assignments} WHERE id = %s".encode(), (talk,))


def left(url: str) -> dict[str, int]:
    counts = {}
    with psycopg.connect(url) as connection:
        for table in ("conversations", "messages", "shares", "idempotency_keys"):
            [counts[table]] = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() or [-1]
    return counts


@pytest.mark.parametrize(
    ("given", "removed"),
    [
        ((False, "updated_at = now() - interval '24 hours'"), 1),
        ((False, "updated_at = now() - interval '23:59'"), 0),
        ((True, "updated_at = now() - interval '9 years'"), 0),
        ((True, "updated_at = now() - interval '9 years', asked_at = NULL"), 0),
        ((True, "status = 'archived', archived_at = now() - interval '730 days'"), 1),
        ((True, "status = 'archived', archived_at = now() - interval '729 days'"), 0),
        ((True, "status = 'archived', archived_at = now(), updated_at = now() - interval '9 years'"), 0),
    ],
)
async def test_conversations_go_when_never_asked_in_for_a_day_or_put_away_for_two_years(
    database: Database, development: Settings, owner: UUID, given: tuple[bool, str], removed: int
) -> None:
    asked, assignments = given
    database_url = str(development.database)
    kept, talk = await converse(database, owner, asked=True), await converse(database, owner, asked=asked)
    change(database_url, talk, assignments)
    assert (await retention.remove_expired(database, development))["conversations"] == removed
    expected = 2 - removed
    assert left(database_url)["conversations"] == left(database_url)["shares"] == expected
    async with database.transaction() as connection:
        assert await conversations.get(connection, user_id=owner, id=kept)
        assert (await conversations.get(connection, user_id=owner, id=talk) is None) is bool(removed)


async def test_how_long_what_is_put_away_is_kept_can_be_set(database: Database, database_url: str, owner: UUID) -> None:
    talk = await converse(database, owner, asked=True)
    change(database_url, talk, "status = 'archived', archived_at = now() - interval '31 days'")
    for days, removed in (("32", 0), ("31", 1)):
        configured = settings.load({"DATABASE_URL": database_url, "ARCHIVE_RETENTION_DAYS": days}, None)
        assert (await retention.remove_expired(database, configured))["conversations"] == removed


async def test_keys_go_after_24_hours_and_links_when_they_no_longer_open(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    for _ in range(2):
        await converse(database, owner, asked=True)
    async with database.transaction() as connection:
        for key in ("old", "new"):
            await idempotency_keys.create(
                connection,
                user_id=owner,
                key=key,
                request_hash=bytes(32),
                message_id=ids.new(),
                lifetime=retention.UNUSED_FOR,
            )
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE idempotency_keys SET expires_at = now() WHERE key = 'old'")
        connection.execute(
            "UPDATE shares SET expires_at = now() WHERE token_hash = (SELECT min(token_hash) FROM shares)"
        )
        connection.execute("UPDATE shares SET expires_at = now() + interval '1 hour' WHERE expires_at IS NULL")
    expected: Mapping[str, int] = {"idempotency_keys": 1, "shares": 1}
    removed = await retention.remove_expired(database, development)
    assert {table: number for table, number in removed.items() if number} == expected
    assert left(database_url) == {"conversations": 2, "messages": 4, "shares": 1, "idempotency_keys": 1}


async def test_more_than_a_batch_is_removed_in_several(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO conversations (user_id, id, status, created_at, updated_at) "
            "SELECT %s, gen_random_uuid(), 'active', %s, %s FROM generate_series(1, 1234)",
            (owner, NOW, NOW),
        )
        connection.execute("UPDATE conversations SET updated_at = now() - interval '2 days'")
    assert (await retention.remove_expired(database, development))["conversations"] == 1234
    assert left(database_url)["conversations"] == 0


async def test_a_conversation_that_is_asked_in_at_that_moment_stays(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    talk = await converse(database, owner, asked=False)
    change(database_url, talk, "updated_at = now() - interval '2 days'")
    async with database.transaction() as connection:
        asked_at = await conversations.resume(connection, user_id=owner, id=talk, title="Norms", now=NOW)
        assert asked_at
        await ask(connection, owner, talk, asked_at)
        removing = asyncio.create_task(retention.remove_expired(database, development))
        await asyncio.sleep(0.5)
        assert not removing.done()
    assert (await removing)["conversations"] == 0
    assert left(database_url) == {"conversations": 1, "messages": 2, "shares": 1, "idempotency_keys": 0}
