"""Checkpoints renew the leases of running answers, and notify other processes of the answers that changed."""

import asyncio
from uuid import UUID

import psycopg

from plccoach_api.coach.engine import Engine
from plccoach_api.coach.runs.notifications import Notifier, notify
from plccoach_api.coach.runs.registry import RunRegistry
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.pool import Database
from tests.coach.runs.conftest import pending_answers
from tests.waiting import SECONDS, until

# PostgreSQL accepts at most 216 ids in one notification.
MANY = 250

TIMINGS = Timings(checkpoint=0.1, renewal=0.1)


def renewed(connection: psycopg.Connection) -> int:
    rows = connection.execute(
        "SELECT id FROM messages WHERE status = 'generating' AND leased_until > now() + interval '10 seconds'"
    )
    return len(rows.fetchall())


async def test_leases_are_renewed_after_hundreds_of_answers_ended_at_once(
    database: Database, database_url: str, engine: Engine
) -> None:
    registry = RunRegistry(database, engine, Notifier(database), TIMINGS)
    first, *others = [registry.start(pending) for pending in pending_answers(database_url, MANY)]
    with psycopg.connect(database_url, autocommit=True) as connection:
        await until(lambda: renewed(connection) == MANY)
        for run in others:
            run.stop()
        await asyncio.gather(*(run.task for run in others))
        connection.execute("UPDATE messages SET leased_until = now() WHERE status = 'generating'")
        await until(lambda: renewed(connection) == 1)
    first.stop()
    await registry.close()


async def test_any_number_of_answers_can_be_notified(database: Database, database_url: str) -> None:
    ids = [UUID(int=number) for number in range(1, 501)]
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("LISTEN answers")
        await notify(database, ids)
        received: list[str] = []
        async with asyncio.timeout(SECONDS):
            async for notification in connection.notifies():
                received += notification.payload.split(",")
                if len(received) >= len(ids):
                    break
    assert received == [str(each) for each in ids]


async def test_a_notification_without_an_id_does_not_end_the_listener(database: Database, database_url: str) -> None:
    message_id = UUID(int=1)
    with (
        Notifier(database).subscribe(message_id) as changed,
        psycopg.connect(database_url, autocommit=True) as connection,
    ):
        async with asyncio.timeout(SECONDS):
            # All readers are woken when the listener has connected.
            await changed.wait()
            changed.clear()
            connection.execute("SELECT pg_notify('answers', 'not an id')")
            connection.execute("SELECT pg_notify('answers', %s)", (str(message_id),))
            await changed.wait()


async def test_a_run_that_lost_its_answer_stops_at_its_next_checkpoint(
    database: Database, database_url: str, engine: Engine
) -> None:
    registry = RunRegistry(database, engine, Notifier(database), TIMINGS)
    [pending] = pending_answers(database_url, 1)
    run = registry.start(pending)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM messages")
    await until(run.task.done)
    assert pending.message_id not in registry
