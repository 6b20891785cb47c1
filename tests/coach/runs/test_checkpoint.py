"""Checkpoints renew the leases of running answers, and notify other processes of the answers that changed."""

import asyncio
from uuid import UUID

import psycopg

from plccoach_api.coach.engine import Engine
from plccoach_api.coach.runs.notifications import Notifier, notify
from plccoach_api.coach.runs.reader import StreamReader
from plccoach_api.coach.runs.registry import RunRegistry
from plccoach_api.coach.runs.sse import StreamOffset
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.pool import Database
from plccoach_api.queries import messages
from tests.coach.runs.conftest import USER_ID, pending_answers
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
    # The registry forgets the run in a callback, one step of the event loop after its task is done.
    await until(lambda: pending.message_id not in registry)
    assert run.task.done()


async def expire_and_renew(connection: psycopg.Connection, answers: int) -> None:
    """Waits for two whole passes of checkpoints."""
    for _ in range(2):
        connection.execute("UPDATE messages SET leased_until = now() WHERE status = 'generating'")
        await until(lambda: renewed(connection) == answers)


async def notices(connection: psycopg.AsyncConnection) -> list[str]:
    """Returns the payloads that a listening connection has received until now."""
    await connection.execute("SELECT pg_notify('answers', 'the last one')")
    received: list[str] = []
    async with asyncio.timeout(SECONDS):
        async for notification in connection.notifies():
            if notification.payload == "the last one":
                break
            received.append(notification.payload)
    return received


async def test_nobody_is_notified_of_an_answer_that_nobody_follows_elsewhere(
    database: Database, database_url: str, engine: Engine
) -> None:
    registry = RunRegistry(database, engine, Notifier(database), TIMINGS)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as listener:
        await listener.execute("LISTEN answers")
        first, second = [registry.start(pending) for pending in pending_answers(database_url, 2)]
        with psycopg.connect(database_url, autocommit=True) as connection, first.subscribe():
            await expire_and_renew(connection, 2)
            first.stop()
            await first.task
            await expire_and_renew(connection, 1)
        assert await notices(listener) == []
    second.stop()
    await registry.close()


async def test_only_the_answer_that_is_followed_elsewhere_is_notified_of_until_its_end(
    database: Database, database_url: str, engine: Engine
) -> None:
    registry = RunRegistry(database, engine, Notifier(database), TIMINGS)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as listener:
        await listener.execute("LISTEN answers")
        runs = [registry.start(pending) for pending in pending_answers(database_url, 2)]
        followed = runs[0].pending
        reading = asyncio.create_task(read_elsewhere(database, followed.message_id))
        with psycopg.connect(database_url, autocommit=True) as connection:
            await until(lambda: connection.execute("SELECT FROM messages WHERE followed_until > now()").rowcount)
            await expire_and_renew(connection, 2)
            runs[0].stop()
            # The reader polls once a minute: it learns of the end by a notification.
            assert b"event: message_complete" in (await asyncio.wait_for(reading, SECONDS))[-1]
        assert {*await notices(listener)} == {str(followed.message_id)}
    runs[1].stop()
    await registry.close()


async def read_elsewhere(database: Database, message_id: UUID) -> list[bytes]:
    message = await database.run_idempotent(messages.get, user_id=USER_ID, id=message_id)
    assert message
    reader = StreamReader(
        database,
        Notifier(database),
        asyncio.Event(),
        Timings(poll=60),
        public_url="https://coach.example.org",
        user_id=USER_ID,
        request_id="a-request",
        offset=StreamOffset(),
        question_id=None,
    )
    return [event async for event in reader.stored(message)]
