"""A reader in another process than the run reads the answer's row."""

import asyncio
from collections.abc import AsyncGenerator

import psycopg

from plccoach_api.coach.runs.notifications import Notifier
from plccoach_api.coach.runs.reader import StreamReader
from plccoach_api.coach.runs.sse import KEEP_ALIVE, StreamOffset
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.pool import Database
from plccoach_api.queries import messages
from tests.coach.runs.conftest import USER_ID, pending_answers
from tests.waiting import SECONDS


async def follow(
    database: Database, database_url: str, timings: Timings, shutdown: asyncio.Event
) -> AsyncGenerator[bytes, None]:
    [pending] = pending_answers(database_url, 1)
    message = await database.run_idempotent(messages.get, user_id=USER_ID, id=pending.message_id)
    assert message
    reader = StreamReader(
        database,
        Notifier(database),
        shutdown,
        timings,
        public_url="https://coach.example.org",
        user_id=USER_ID,
        request_id="a-request",
        offset=StreamOffset(),
        question_id=None,
    )
    return reader.stored(message)


def change(database_url: str, assignments: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"UPDATE messages SET {assignments}".encode())


async def test_each_checkpoint_is_sent_and_then_the_end(database: Database, database_url: str) -> None:
    async with asyncio.timeout(SECONDS):
        events = await follow(database, database_url, Timings(poll=0.05, keep_alive=60), asyncio.Event())
        for content, delta in (("Teams", b'"Teams"'), ("Teams meet", b'" meet"')):
            change(database_url, f"content = '{content}'")
            assert delta in await anext(events)
        change(database_url, "status = 'complete'")
        assert b"event: message_complete" in await anext(events)
        assert [event async for event in events] == []


async def test_a_silent_stream_is_kept_alive_by_comments(database: Database, database_url: str) -> None:
    async with asyncio.timeout(SECONDS):
        events = await follow(database, database_url, Timings(poll=60, keep_alive=0.1), asyncio.Event())
        assert [await anext(events), await anext(events)] == [KEEP_ALIVE, KEEP_ALIVE]
        await events.aclose()


async def test_a_stream_ends_with_an_error_when_its_answer_is_deleted(database: Database, database_url: str) -> None:
    async with asyncio.timeout(SECONDS):
        events = await follow(database, database_url, Timings(poll=0.05), asyncio.Event())
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("DELETE FROM messages")
        [event] = [event async for event in events]
    assert b"event: error" in event
    assert b'"status":404' in event


async def test_a_process_that_stops_ends_its_streams_with_an_error(database: Database, database_url: str) -> None:
    shutdown = asyncio.Event()
    shutdown.set()
    async with asyncio.timeout(SECONDS):
        events = await follow(database, database_url, Timings(), shutdown)
        [event] = [event async for event in events]
    assert b"event: error" in event
    assert b'"status":503' in event
