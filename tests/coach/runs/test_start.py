"""A question is stored once, and its answer is restarted once, though a connection breaks at the worst moment."""

from uuid import UUID

import psycopg

from plccoach_api import ids, settings
from plccoach_api.coach.runs.start import PendingAnswer, restart
from plccoach_api.database.pool import Database
from tests.coach.runs.conftest import pending_answers
from tests.losing import losing

RUN_ID = "SELECT status, run_id FROM messages"


async def test_an_answer_is_restarted_though_the_databases_response_was_lost(database_url: str) -> None:
    [failed] = pending_answers(database_url, 1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE messages SET status = 'failed', run_id = NULL, leased_until = NULL")
    pending = PendingAnswer(failed.user_id, failed.conversation_id, failed.message_id, failed.question)
    async with losing(database_url, b"UPDATE 1\0") as lossy_url:
        database = Database(settings.load({"DATABASE_URL": lossy_url}, None))
        await database.open()
        restarted = await restart(database, pending)
        await database.close()
    with psycopg.connect(database_url, autocommit=True) as connection:
        assert connection.execute(RUN_ID).fetchone() == ("generating", pending.run_id)
    assert restarted


async def test_an_answer_that_another_run_generates_is_not_restarted(database: Database, database_url: str) -> None:
    [pending] = pending_answers(database_url, 1)
    other = PendingAnswer(
        pending.user_id, pending.conversation_id, pending.message_id, pending.question, run_id=ids.new()
    )
    assert not await restart(database, other)
    with psycopg.connect(database_url, autocommit=True) as connection:
        assert connection.execute(RUN_ID).fetchone() == ("generating", UUID(int=1))
