"""Starts of answers: a lost response is harmless, and an abandoned answer makes room for the next question."""

from uuid import UUID

import psycopg
import pytest

from plccoach_api import ids, problems, settings
from plccoach_api.coach.quota import Quota
from plccoach_api.coach.runs.start import PendingAnswer, Question, restart, start
from plccoach_api.database.pool import Database
from tests.coach.runs.conftest import pending_answers
from tests.losing import losing

RUN_ID = "SELECT status, run_id FROM messages"


async def test_an_answer_is_restarted_even_when_the_response_of_the_database_is_lost(database_url: str) -> None:
    [failed] = pending_answers(database_url, 1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE messages SET status = 'failed', run_id = NULL, leased_until = NULL")
    pending = PendingAnswer(failed.user_id, failed.conversation_id, failed.message_id, failed.question)
    async with losing(database_url, b"SELECT 1\0") as lossy_url:
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


ABANDON = "UPDATE messages SET leased_until = now() - interval '1 second', stop_requested = %s"


@pytest.mark.parametrize(("stop_requested", "status"), [(False, "failed"), (True, "stopped")])
async def test_the_next_question_ends_an_abandoned_answer_and_changes_the_conversations_version(
    database: Database, database_url: str, *, stop_requested: bool, status: str
) -> None:
    [abandoned] = pending_answers(database_url, 1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(ABANDON, [stop_requested])
    question = Question(abandoned.user_id, "Why do teams meet?", abandoned.conversation_id)
    # The refused question is rolled back. The end of the abandoned answer is not, and the ETag must show it.
    with pytest.raises(problems.TooManyRequests):
        await start(database, question, Quota(0, None), running=())
    with psycopg.connect(database_url, autocommit=True) as connection:
        assert connection.execute("SELECT status FROM messages").fetchall() == [(status,)]
        assert connection.execute("SELECT version FROM conversations").fetchall() == [(2,)]
