"""Checkpoints renew the leases of running answers, and tell other processes which answers have changed."""

import asyncio
from uuid import UUID

import psycopg

from plccoach_api.coach.engine import Engine
from plccoach_api.coach.runs.notifications import Notifier, notify
from plccoach_api.coach.runs.registry import RunRegistry
from plccoach_api.database.pool import Database
from tests.coach.runs.conftest import SECONDS, pending_answers, until

# One NOTIFY holds 216 ids.
MANY = 250

RENEWED = "SELECT count(*) FROM messages WHERE status = 'generating' AND leased_until > now() + interval '10 seconds'"


async def test_leases_are_renewed_after_hundreds_of_answers_ended_at_once(
    database: Database, database_url: str, engine: Engine
) -> None:
    registry = RunRegistry(database, engine, Notifier(database))
    first, *others = [registry.start(pending) for pending in pending_answers(database_url, MANY)]
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:

        async def renewed() -> int:
            [count] = await (await connection.execute(RENEWED)).fetchone() or [0]
            return int(count)

        async def all_are_renewed() -> bool:
            return await renewed() == MANY

        async def the_first_is_renewed() -> bool:
            return await renewed() == 1

        await until(all_are_renewed)
        for run in others:
            run.stop()
        await asyncio.gather(*(run.task for run in others))
        await connection.execute("UPDATE messages SET leased_until = now() WHERE status = 'generating'")
        await until(the_first_is_renewed)
    first.stop()
    await registry.close()


async def test_any_number_of_answers_is_notified_at_once(database: Database, database_url: str) -> None:
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
    notifier, message_id = Notifier(database), UUID(int=1)
    with notifier.subscribe(message_id) as changed, psycopg.connect(database_url, autocommit=True) as other:
        async with asyncio.timeout(SECONDS):
            # The listener wakes every reader once it listens.
            await changed.wait()
            changed.clear()
            other.execute("SELECT pg_notify('answers', 'not an id')")
            other.execute("SELECT pg_notify('answers', %s)", (str(message_id),))
            await changed.wait()
