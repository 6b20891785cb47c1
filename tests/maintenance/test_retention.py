"""Expired rows are removed, and no others."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from plccoach_api import ids, settings
from plccoach_api.database.pool import Connection, Database
from plccoach_api.maintenance import retention
from plccoach_api.queries import answers, conversations, idempotency_keys, personal_tokens, rate_limits, shares
from plccoach_api.rules.messages import LEASE
from plccoach_api.rules.personal_tokens import PersonalToken
from plccoach_api.rules.sharing import ShareToken
from plccoach_api.settings import Settings
from tests import sql_coverage
from tests.people import NOW, make_user
from tests.waiting import LOCK_WAITERS, SECONDS


@pytest.fixture
async def owner(database: Database) -> UUID:
    async with database.transaction() as connection:
        return await make_user(connection)


async def create_conversation(database: Database, owner: UUID, *, asked: bool) -> UUID:
    """Creates a conversation with a shared link, and with a question if `asked`."""
    conversation_id = ids.new()
    async with database.transaction() as connection:
        if asked:
            await conversations.create(
                connection, user_id=owner, id=conversation_id, title="Norms", asked_at=NOW, now=NOW
            )
            await ask(connection, owner, conversation_id, NOW)
        else:
            await conversations.create(
                connection, user_id=owner, id=conversation_id, title="Norms", asked_at=None, now=NOW
            )
        token = ShareToken.new()
        await shares.create(
            connection, user_id=owner, conversation_id=conversation_id, token_hash=token.hash, lifetime=None
        )
    return conversation_id


async def ask(connection: Connection, owner: UUID, conversation_id: UUID, asked_at: datetime) -> None:
    await answers.create(
        connection,
        user_id=owner,
        conversation_id=conversation_id,
        question_id=ids.new(),
        question="What are norms?",
        answer_id=ids.new(),
        asked_at=asked_at,
        run_id=ids.new(),
        lease=LEASE,
    )


def update(url: str, conversation_id: UUID, assignments: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"UPDATE conversations SET {assignments} WHERE id = %s".encode(), (conversation_id,))


def count_rows(url: str) -> dict[str, int]:
    counts = {}
    with psycopg.connect(url) as connection:
        for table in ("conversations", "messages", "shares", "idempotency_keys"):
            [counts[table]] = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() or [-1]
    return counts


async def wait_until_blocked(url: str) -> None:
    """Returns when a statement of this database waits for a lock."""
    async with asyncio.timeout(SECONDS), await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while not (await connection.execute(LOCK_WAITERS)).rowcount:  # noqa: ASYNC110 - the server sends no event for it
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("asked", "assignments", "removed"),
    [
        (False, "updated_at = now() - interval '24 hours'", 1),
        (False, "updated_at = now() - interval '23:59'", 0),
        (True, "updated_at = now() - interval '9 years'", 0),
        (True, "updated_at = now() - interval '9 years', asked_at = NULL", 0),
        (True, "status = 'archived', archived_at = now() - interval '730 days'", 1),
        (True, "status = 'archived', archived_at = now() - interval '729 days'", 0),
        (True, "status = 'archived', archived_at = now(), updated_at = now() - interval '9 years'", 0),
    ],
)
async def test_conversations_are_removed_after_a_day_without_a_question_or_two_years_in_the_archive(
    database: Database, development: Settings, owner: UUID, *, asked: bool, assignments: str, removed: int
) -> None:
    database_url = str(development.database)
    active_id = await create_conversation(database, owner, asked=True)
    conversation_id = await create_conversation(database, owner, asked=asked)
    update(database_url, conversation_id, assignments)
    assert (await retention.remove_expired(database, development))["conversations"] == removed
    remaining = 2 - removed
    assert count_rows(database_url)["conversations"] == count_rows(database_url)["shares"] == remaining
    async with database.transaction() as connection:
        assert await conversations.get(connection, user_id=owner, id=active_id)
        assert (await conversations.get(connection, user_id=owner, id=conversation_id) is None) is bool(removed)


async def test_the_retention_of_archived_conversations_is_a_setting(
    database: Database, database_url: str, owner: UUID
) -> None:
    conversation_id = await create_conversation(database, owner, asked=True)
    update(database_url, conversation_id, "status = 'archived', archived_at = now() - interval '31 days'")
    for days, removed in (("32", 0), ("31", 1)):
        configured = settings.load({"DATABASE_URL": database_url, "ARCHIVE_RETENTION_DAYS": days}, None)
        assert (await retention.remove_expired(database, configured))["conversations"] == removed


async def test_expired_keys_and_expired_links_are_removed(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    for _ in range(2):
        await create_conversation(database, owner, asked=True)
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
    assert count_rows(database_url) == {"conversations": 2, "messages": 4, "shares": 1, "idempotency_keys": 1}


async def test_expired_personal_tokens_are_removed(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    async with database.transaction() as connection:
        for name in ("old", "new"):
            token = PersonalToken.new(owner)
            await personal_tokens.create(
                connection,
                user_id=owner,
                id=ids.new(),
                name=name,
                token_hash=token.hash,
                hint=token.hint,
                lifetime=timedelta(hours=1),
            )
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE personal_tokens SET created_at = now() - interval '1 day', expires_at = now() WHERE name = 'old'"
        )
        removed = await retention.remove_expired(database, development)
        assert {table: number for table, number in removed.items() if number} == {"personal_tokens": 1}
        assert connection.execute("SELECT name FROM personal_tokens").fetchall() == [("new",)]


async def test_conversations_are_removed_in_several_batches(
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
    assert count_rows(database_url)["conversations"] == 0


async def test_a_batch_of_conversations_takes_the_same_statements_however_many_have_a_link(
    database: Database, development: Settings, database_url: str, run_folder: Path, owner: UUID
) -> None:
    await create_conversation(database, owner, asked=True)
    executed = []
    for number in (1, 30):
        for _ in range(number):
            conversation_id = await create_conversation(database, owner, asked=False)
            update(database_url, conversation_id, "updated_at = now() - interval '2 days'")
        with sql_coverage.statements(run_folder, database_url) as names:
            assert (await retention.remove_expired(database, development))["conversations"] == number
        executed.append(names)
    assert executed[0] == executed[1]
    assert count_rows(database_url)["shares"] == 1


async def test_conversations_without_a_link_are_removed_without_a_lock_on_the_links(
    database: Database, development: Settings, database_url: str, run_folder: Path, owner: UUID
) -> None:
    conversation_id = await create_conversation(database, owner, asked=False)
    update(database_url, conversation_id, "updated_at = now() - interval '2 days'")
    async with database.transaction() as connection:
        await shares.revoke(connection, user_id=owner, conversation_id=conversation_id)
    with sql_coverage.statements(run_folder, database_url) as names:
        assert (await retention.remove_expired(database, development))["conversations"] == 1
    # The daily job asks for expired links once, whatever it removed.
    assert [name for name in names if name.startswith("shares/delete")] == ["shares/delete_expired"]


async def test_a_conversation_stays_when_a_question_is_asked_while_it_is_removed(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    conversation_id = await create_conversation(database, owner, asked=False)
    update(database_url, conversation_id, "updated_at = now() - interval '2 days'")
    async with database.transaction() as connection:
        asked_at = await conversations.resume(connection, user_id=owner, id=conversation_id, title="Norms", now=NOW)
        assert asked_at
        await ask(connection, owner, conversation_id, asked_at)
        removing = asyncio.create_task(retention.remove_expired(database, development))
        await wait_until_blocked(database_url)
        assert not removing.done()
    assert (await removing)["conversations"] == 0
    assert count_rows(database_url) == {"conversations": 1, "messages": 2, "shares": 1, "idempotency_keys": 0}


async def test_a_limit_whose_window_begins_again_during_the_removal_is_kept(
    database: Database, development: Settings, database_url: str
) -> None:
    count = partial(rate_limits.count, name="sign-in", key="203.0.113.7", duration=timedelta(hours=1))
    await database.run_idempotent(count)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE rate_limits SET ends_at = now() - interval '1 minute'")
    async with database.transaction() as connection:
        await count(connection)
        removing = asyncio.create_task(retention.remove_expired(database, development))
        await wait_until_blocked(database_url)
    assert (await removing)["rate_limits"] == 0
    assert (await database.run_idempotent(count)).requests == 2


RETIRED = """
INSERT INTO retired_passages
    (chunk_id, book_id, book_identity, book_title, authors, chapter_title, content, content_hash, retired_at)
VALUES (%s, %s, %s, 'Zebras', '{}', '', 'Stripes', %s, now() - %s::interval)
"""


async def test_a_retired_passage_is_removed_a_day_later_unless_an_answer_cites_it(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    await create_conversation(database, owner, asked=True)
    # Together they are more than one batch.
    old, new, cited = ([ids.new() for _ in range(200)] for _ in range(3))
    with psycopg.connect(database_url, autocommit=True) as connection:
        for chunk_ids, age in ((old, "24 hours"), (new, "23:59"), (cited, "9 years")):
            for each in chunk_ids:
                connection.execute(RETIRED, (each, ids.new(), bytes(32), bytes(32), age))
        for each in cited:
            connection.execute(
                "INSERT INTO citations SELECT user_id, id, %s FROM messages WHERE role = 'assistant'", (each,)
            )
        assert (await retention.remove_expired(database, development))["retired_passages"] == len(old)
        remaining = connection.execute("SELECT chunk_id FROM retired_passages").fetchall()
        assert {each for (each,) in remaining} == {*new, *cited}
        connection.execute("DELETE FROM conversations")
        assert (await retention.remove_expired(database, development))["retired_passages"] == len(cited)


async def test_the_citations_of_an_abandoned_answer_count_before_passages_are_removed(
    database: Database, development: Settings, database_url: str, owner: UUID
) -> None:
    await create_conversation(database, owner, asked=True)
    chunk_id = ids.new()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(RETIRED, (chunk_id, ids.new(), bytes(32), bytes(32), "2 days"))
        connection.execute(
            "UPDATE messages SET leased_until = now() - interval '1 day', citations = %s WHERE role = 'assistant'",
            (f'[{{"chunk_id": "{chunk_id}"}}]',),
        )
        assert (await retention.remove_expired(database, development))["retired_passages"] == 0
        assert connection.execute("SELECT chunk_id FROM citations").fetchall() == [(chunk_id,)]
