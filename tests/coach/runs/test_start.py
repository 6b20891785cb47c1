"""A question is stored once, and its answer is restarted once, though a connection breaks at the worst moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict

from plccoach_api import ids, settings
from plccoach_api.coach.runs.start import PendingAnswer, restart
from plccoach_api.database.pool import Database
from tests.coach.runs.conftest import pending_answers

RUN_ID = "SELECT status, run_id FROM messages"


@asynccontextmanager
async def losing(database_url: str, response: bytes) -> AsyncIterator[str]:
    """A proxy of PostgreSQL that closes the connection instead of passing on the first such response."""
    parameters = conninfo_to_dict(database_url)
    lost = asyncio.Event()
    served: list[asyncio.Task[None] | None] = []

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, responses: bool) -> None:
        while data := await reader.read(65536):
            if responses and response in data and not lost.is_set():
                lost.set()
                break
            writer.write(data)
        writer.close()
        await writer.wait_closed()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        server_reader, server_writer = await asyncio.open_unix_connection(f"{parameters['host']}/.s.PGSQL.5432")
        await asyncio.gather(copy(reader, server_writer, responses=False), copy(server_reader, writer, responses=True))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"postgresql://postgres@127.0.0.1:{port}/{parameters['dbname']}?sslmode=disable&gssencmode=disable"
        await asyncio.gather(*filter(None, served))
    assert lost.is_set()


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
