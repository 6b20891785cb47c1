"""The rescuer of any process ends the answers of processes that have died."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from plccoach_api.coach.runs import rescuer
from plccoach_api.coach.runs.timings import DEFAULT_TIMINGS, Timings
from plccoach_api.database.pool import Database
from tests import sql_coverage
from tests.coach.runs.conftest import pending_answers
from tests.waiting import until

LOCK_WAITERS = """\
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def abandoned(database_url: str) -> str:
    """The URL of a database with an answer that no process generates any more."""
    pending_answers(database_url, 1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE messages SET content = 'Some words', leased_until = now() - interval '1 second'")
    return database_url


@asynccontextmanager
async def rescuing(database: Database, timings: Timings) -> AsyncIterator[None]:
    task = asyncio.create_task(rescuer.run(database, timings))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def becomes(url: str, status: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        await until(
            lambda: connection.execute("SELECT status, content FROM messages").fetchall() == [(status, "Some words")]
        )


async def test_a_new_process_marks_the_answers_of_a_dead_process_as_failed(abandoned: str, database: Database) -> None:
    async with rescuing(database, DEFAULT_TIMINGS):
        await becomes(abandoned, "failed")


async def test_an_abandoned_answer_that_a_user_wanted_to_stop_is_stopped(abandoned: str, database: Database) -> None:
    with psycopg.connect(abandoned, autocommit=True) as connection:
        connection.execute("UPDATE messages SET stop_requested = TRUE")
    async with rescuing(database, DEFAULT_TIMINGS):
        await becomes(abandoned, "stopped")


async def test_a_rescue_that_failed_is_tried_again_soon(abandoned: str, database: Database) -> None:
    with psycopg.connect(abandoned) as busy, psycopg.connect(abandoned, autocommit=True) as other:
        busy.execute("LOCK TABLE conversations")
        async with rescuing(database, Timings(rescue=60, rescue_retry=0.1)):
            await until(lambda: other.execute(LOCK_WAITERS).fetchall())
            busy.rollback()
            await becomes(abandoned, "failed")


async def test_a_later_pass_ends_an_answer_that_has_a_row_since_it_began(
    database_url: str, database: Database, run_folder: Path
) -> None:
    pending_answers(database_url, 1)
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        sql_coverage.executions(run_folder, database_url, "unfinished_answers/list_old") as later_passes,
    ):
        connection.execute("UPDATE messages SET content = 'Some words'")
        async with rescuing(database, Timings(rescue=0.05)):
            await until(later_passes)
            connection.execute(BEGUN, {"age": "21 seconds"})
            connection.execute("UPDATE messages SET leased_until = now() - interval '1 second'")
            await becomes(database_url, "failed")
            await until(lambda: unfinished(connection) == 0)


async def test_an_answer_that_is_still_being_generated_keeps_its_row(database_url: str, database: Database) -> None:
    pending_answers(database_url, 1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BEGUN, {"age": "21 seconds"})
        connection.execute("INSERT INTO unfinished_answers VALUES (gen_random_uuid(), gen_random_uuid(), '2026-01-01')")
        async with rescuing(database, Timings(rescue=0.05)):
            # The other row is that of an answer that no longer exists.
            await until(lambda: unfinished(connection) == 1)
        assert connection.execute("SELECT status FROM messages").fetchall() == [("generating",)]


async def test_a_pass_without_old_answers_asks_for_no_users_answers(
    database_url: str, database: Database, run_folder: Path
) -> None:
    pending_answers(database_url, 1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BEGUN, {"age": "1 second"})
    with (
        sql_coverage.executions(run_folder, database_url, "unfinished_answers/list_old") as passes,
        sql_coverage.executions(run_folder, database_url, "answers/list_abandoned") as looks,
        sql_coverage.executions(run_folder, database_url, "answers/end_abandoned") as ends,
    ):
        async with rescuing(database, Timings(rescue=0.05)):
            await until(lambda: passes() > 2)
        assert (looks(), ends()) == (1, 0)


BEGUN = """\
INSERT INTO unfinished_answers (id, user_id, begun_at)
SELECT id, user_id, now() - %(age)s::interval FROM messages
"""


def unfinished(connection: psycopg.Connection) -> int:
    [[number]] = connection.execute("SELECT count(*) FROM unfinished_answers").fetchall()
    return int(number)
