"""What Statement promises: names that reach the server, rows that fit or fail, one row where one is meant."""

import asyncio
from datetime import timedelta
from enum import IntEnum
from types import NoneType
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.errors import UniqueViolation

from plccoach_api import ids
from plccoach_api.database.pool import Connection
from plccoach_api.queries import chunks, conversations, embedding_sets, schema
from plccoach_api.queries.statement import Row, Statement
from tests.people import NOW, make_user


async def test_the_server_sees_the_name_of_the_file(connection: Connection, shared_database_url: str) -> None:
    await Statement("schema/get", schema.Preparation).one(connection)
    with psycopg.connect(shared_database_url) as observer:
        row = observer.execute(
            "SELECT query FROM pg_stat_activity WHERE pid = %s", (connection.info.backend_pid,)
        ).fetchone()
    assert row
    assert row[0].startswith("/* schema/get */ -- ")


async def test_a_statement_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Statement("schema/get", NoneType).name = "other"  # type: ignore[misc]


class Dozens(IntEnum):
    one = 12
    two = 24


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"requests": int}, "unknown field `remaining`"),
        ({"requests": int, "remaining": timedelta, "colour": str}, "missing required field `colour`"),
        ({"requests": int, "left": timedelta}, "unknown field `remaining`"),
        ({"requests": str, "remaining": timedelta}, "Expected `str`"),
        ({"requests": Dozens, "remaining": timedelta}, "Invalid enum value"),
    ],
)
async def test_a_row_that_does_not_fit_its_struct_fails_at_once(
    connection: Connection, fields: dict[str, type], complaint: str
) -> None:
    drifted = msgspec.defstruct("Drifted", list(fields.items()), bases=(Row,), frozen=True, kw_only=True)
    with pytest.raises(msgspec.ValidationError, match=complaint):
        await Statement("rate_limits/count", drifted).one(
            connection, name="test", key="erin", duration=timedelta(minutes=1)
        )


async def test_one_raises_when_there_is_none(connection: Connection) -> None:
    user_id = await make_user(connection)
    statement = Statement("conversations/get", conversations.Conversation)
    with pytest.raises(LookupError, match="conversations/get returned no row"):
        await statement.one(connection, user_id=user_id, id=ids.new())


async def test_one_or_none_raises_when_there_are_two(connection: Connection) -> None:
    created = await embedding_sets.create(
        connection, id=ids.new(), provider="none", model="none", dimensions=1, now=NOW
    )
    with pytest.raises(LookupError, match="chunks/list_unembedded returned 2 rows"):
        await Statement("chunks/list_unembedded", chunks.Unembedded).one_or_none(connection, set_id=created.id, limit=2)


async def test_execute_says_how_many_rows_it_touched(connection: Connection) -> None:
    user_id, conversation_id = await make_user(connection), ids.new()
    await conversations.create(connection, user_id=user_id, id=conversation_id, title="A", now=NOW)
    assert await conversations.touch(connection, user_id=user_id, id=conversation_id) == 1
    assert await conversations.touch(connection, user_id=ids.new(), id=conversation_id) == 0


async def test_a_violated_constraint_comes_out_as_it_is(connection: Connection) -> None:
    user_id, conversation_id = await make_user(connection), ids.new()
    await conversations.create(connection, user_id=user_id, id=conversation_id, title="A", now=NOW)
    with pytest.raises(UniqueViolation):
        await conversations.create(connection, user_id=user_id, id=conversation_id, title="B", now=NOW)


async def test_fifty_first_sign_ins_at_once_make_one_person(database_url: str) -> None:
    async def sign_in() -> UUID:
        async with await Connection.connect(database_url, autocommit=True) as connection:
            return await make_user(connection)

    assert len(set(await asyncio.gather(*(sign_in() for _ in range(50))))) == 1
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (1,)
