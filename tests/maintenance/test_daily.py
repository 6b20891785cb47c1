"""Expired data is removed daily by one replica, and on demand."""

import asyncio
from datetime import timedelta
from threading import Thread

import psycopg
import pytest
from psycopg.errors import UndefinedTable

from plccoach_api import ids, settings
from plccoach_api.database.locks import Lock, acquire, try_acquire
from plccoach_api.database.pool import Connection, Database
from plccoach_api.maintenance import daily, retention
from plccoach_api.queries import jobs, rate_limits, sessions, sign_in_attempts
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sessions import LIFETIME
from plccoach_api.rules.sign_in import LIFETIME as ATTEMPT_LIFETIME
from plccoach_api.settings import Settings
from tests.people import make_user


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def count_rows(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row
    return int(row[0])


async def create_session(connection: Connection, subject: str) -> None:
    await sessions.create(
        connection,
        user_id=await make_user(connection, subject),
        id=ids.new(),
        token_hash=subject.encode().ljust(32),
        user_agent=subject,
        lifetime=LIFETIME,
    )


async def create_attempt(connection: Connection, name: str) -> None:
    await sign_in_attempts.create(
        connection,
        state_hash=name.encode().ljust(32),
        browser_hash=b"browser".ljust(32),
        provider=Provider.google,
        nonce=name,
        code_verifier="",
        next_path=None,
        lifetime=ATTEMPT_LIFETIME,
    )


async def test_idle_and_old_sessions_are_removed_and_active_ones_stay(database: Database, database_url: str) -> None:
    for subject in ("alive", "idle", "old"):
        await database.run_idempotent(create_session, subject)
    execute(
        database_url,
        "UPDATE sessions SET last_accessed_at = now() - interval '31 minutes' WHERE user_agent = 'idle'",
        "UPDATE sessions SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second'"
        " WHERE user_agent = 'old'",
    )
    assert await retention.remove_expired_sessions(database) == 2
    assert count_rows(database_url, "sessions") == 1


async def test_sessions_are_removed_in_several_batches(database: Database, database_url: str) -> None:
    await database.run_idempotent(create_session, "busy")
    execute(
        database_url,
        "INSERT INTO sessions SELECT user_id, gen_random_uuid(), sha256(n::text::bytea), user_agent, created_at,"
        " now() - interval '1 hour', expires_at FROM sessions CROSS JOIN generate_series(1, 2500) AS n",
    )
    assert await retention.remove_expired_sessions(database) == 2500
    assert count_rows(database_url, "sessions") == 1


async def test_old_sign_in_attempts_and_ended_rate_limits_are_removed(
    database: Database, database_url: str, development: Settings
) -> None:
    for name in ("pending", "late", "forgotten"):
        await database.run_idempotent(create_attempt, name)
        await database.run_idempotent(rate_limits.count, name="sign-in", key=name, duration=ATTEMPT_LIFETIME)
    execute(
        database_url,
        "UPDATE sign_in_attempts SET expires_at = now() - interval '1 hour' WHERE nonce = 'late'",
        "UPDATE sign_in_attempts SET expires_at = now() - interval '25 hours' WHERE nonce = 'forgotten'",
        "UPDATE rate_limits SET ends_at = now() - interval '1 second' WHERE key <> 'pending'",
    )
    removed = await retention.remove_expired(database, development)
    assert {table: rows for table, rows in removed.items() if rows} == {"sign_in_attempts": 1, "rate_limits": 2}
    assert count_rows(database_url, "sign_in_attempts") == 2
    assert count_rows(database_url, "rate_limits") == 1


async def test_the_job_runs_once_a_day_in_one_of_four_replicas(development: Settings, database_url: str) -> None:
    replicas = [Thread(target=lambda: results.append(asyncio.run(daily.run_if_due(development)))) for _ in range(4)]
    results: list[dict[str, int] | None] = []
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    assert sorted(each is not None for each in results) == [False, False, False, True]
    assert await daily.run_if_due(development) is None
    execute(database_url, "UPDATE jobs SET due_at = now() - interval '1 second'")
    assert await daily.run_if_due(development) is not None


async def test_a_job_that_failed_is_due_again_at_the_next_check(development: Settings, database_url: str) -> None:
    due = "SELECT due_at - now() FROM jobs"
    execute(database_url, "ALTER TABLE shares RENAME TO lost")
    with pytest.raises(UndefinedTable):
        await daily.run_if_due(development)
    with psycopg.connect(database_url, autocommit=True) as connection:
        assert connection.execute(due).fetchone() < (timedelta(minutes=10),)  # type: ignore[operator]
        connection.execute("ALTER TABLE lost RENAME TO shares")
        connection.execute("UPDATE jobs SET due_at = now()")
        assert await daily.run_if_due(development) is not None
        assert connection.execute(due).fetchone() > (timedelta(hours=23),)  # type: ignore[operator]


async def test_the_job_does_not_run_while_another_replica_holds_the_lock(
    development: Settings, database_url: str
) -> None:
    with acquire(database_url, Lock.maintenance):
        assert await daily.run_if_due(development) is None
    assert count_rows(database_url, "jobs") == 0
    assert await daily.run_if_due(development) is not None


async def test_the_job_needs_no_pooler(database_url: str) -> None:
    behind = settings.load({"DATABASE_URL": "postgresql://127.0.0.1:1/plc", "DATABASE_DIRECT_URL": database_url}, None)
    assert await daily.run_if_due(behind) is not None


async def test_a_claimed_job_is_due_again_after_its_interval(database: Database, database_url: str) -> None:
    every = timedelta(days=1)
    assert await database.run_idempotent(jobs.claim, name="sweep", every=every)
    assert not await database.run_idempotent(jobs.claim, name="sweep", every=every)
    assert await database.run_idempotent(jobs.claim, name="another", every=every)
    execute(database_url, "UPDATE jobs SET due_at = now() WHERE name = 'sweep'")
    assert await database.run_idempotent(jobs.claim, name="sweep", every=every)


def test_a_lock_is_released_with_its_holders_connection(database_url: str) -> None:
    with try_acquire(database_url, Lock.maintenance) as first, try_acquire(database_url, Lock.maintenance) as second:
        assert (first, second) == (True, False)
    with try_acquire(database_url, Lock.maintenance) as later, try_acquire(database_url, Lock.migration) as other:
        assert (later, other) == (True, True)
