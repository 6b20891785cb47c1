"""Query functions: what reaches the server, and what comes back."""

import inspect
from collections.abc import Sequence
from datetime import timedelta
from enum import IntEnum
from functools import partial
from types import NoneType
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.errors import UniqueViolation

from plccoach_api import ids
from plccoach_api.database.pool import Connection
from plccoach_api.queries import answers, books, chunks, conversations, embedding_sets, rate_limits, schema
from plccoach_api.queries.answers import Checkpoint
from plccoach_api.queries.statement import Row, Statement, execute, one, one_or_none, rows
from tests.people import NOW, make_user
from tests.statements import in_module


async def test_the_server_sees_the_name_of_the_file(connection: Connection, shared_database_url: str) -> None:
    await schema.get(connection)
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


class MissingField(Row, frozen=True):
    requests: int


class AdditionalField(Row, frozen=True):
    requests: int
    remaining: timedelta
    colour: str


class RenamedField(Row, frozen=True):
    requests: int
    left: timedelta


class OtherType(Row, frozen=True):
    requests: str
    remaining: timedelta


class OtherEnum(Row, frozen=True):
    requests: Dozens
    remaining: timedelta


@pytest.mark.parametrize(
    ("drifted", "complaint"),
    [
        (MissingField, "unknown field `remaining`"),
        (AdditionalField, "missing required field `colour`"),
        (RenamedField, "unknown field `remaining`"),
        (OtherType, "Expected `str`"),
        (OtherEnum, "Invalid enum value"),
    ],
)
async def test_a_row_that_does_not_fit_its_struct_fails_at_once(
    connection: Connection, drifted: type[Row], complaint: str
) -> None:
    async def count(connection: Connection, *, name: str, key: str, duration: timedelta) -> Row:
        raise NotImplementedError

    count.__annotations__["return"] = drifted
    run = one(in_module("rate_limits", count))
    with pytest.raises(msgspec.ValidationError, match=complaint) as caught:
        await run(connection, name="test", key="erin", duration=timedelta(minutes=1))
    assert caught.value.__notes__ == ["in sql/rate_limits/count.sql"]


async def test_a_query_function_runs_its_file_and_not_its_body(connection: Connection) -> None:
    @one
    @partial(in_module, "rate_limits")
    async def count(connection: Connection, *, name: str, key: str, duration: timedelta) -> rate_limits.Window:
        raise NotImplementedError

    window = await count(connection, name="test", key="erin", duration=timedelta(minutes=1))
    assert window == rate_limits.Window(requests=1, remaining=timedelta(minutes=1))


def test_a_query_function_without_a_file_stops_the_import() -> None:
    async def never_written(connection: Connection) -> int:
        raise NotImplementedError

    with pytest.raises(FileNotFoundError, match="never_written"):
        execute(in_module("users", never_written))


def test_a_return_type_that_does_not_fit_its_decorator_stops_the_import() -> None:
    async def get(connection: Connection, *, user_id: UUID, id: UUID) -> conversations.Conversation:
        raise NotImplementedError

    in_module("conversations", get)
    with pytest.raises(ValueError, match="not enough values to unpack"):
        rows(get)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not enough values to unpack"):
        one_or_none(get)


def test_a_query_function_keeps_its_signature_and_its_name() -> None:
    assert str(inspect.signature(schema.get)).endswith("-> plccoach_api.queries.schema.StoredSchema | None")
    assert [*inspect.signature(conversations.get).parameters] == ["connection", "user_id", "id"]
    assert (conversations.get.__name__, conversations.get.__module__) == ("get", "plccoach_api.queries.conversations")


@pytest.mark.parametrize("authors", [("Ann", "Bo"), ["Ann"], (), ("", "NULL", '"Ann", {Bo}', "Ann\\Bo\\")])
async def test_a_sequence_arrives_as_an_array(connection: Connection, authors: Sequence[str]) -> None:
    book_id = ids.new()
    await books.create(
        connection,
        id=book_id,
        identity=bytes(32),
        title="New",
        authors=authors,
        year=None,
        edition=None,
        product_url=None,
        content_hash=bytes(32),
        now=NOW,
    )
    assert [book.authors for book in await books.list(connection) if book.id == book_id] == [tuple(authors)]


@pytest.mark.parametrize("checkpoints", [(), [Checkpoint(ids.new(), ids.new(), ids.new(), "Teams", [])]])
async def test_a_sequence_of_structs_arrives_as_json_also_when_it_is_empty(
    connection: Connection, checkpoints: Sequence[Checkpoint]
) -> None:
    stored = await answers.checkpoint(connection, user_ids=[], checkpoints=checkpoints, lease=timedelta(seconds=1))
    assert [(each.id, each.has_to_stop) for each in stored] == [(each.id, True) for each in checkpoints]


async def test_one_raises_an_error_when_there_is_no_row(connection: Connection) -> None:
    user_id = await make_user(connection)

    @one
    @partial(in_module, "conversations")
    async def get(connection: Connection, *, user_id: UUID, id: UUID) -> conversations.Conversation:
        raise NotImplementedError

    with pytest.raises(LookupError, match="conversations/get returned no row"):
        await get(connection, user_id=user_id, id=ids.new())


async def test_one_or_none_raises_an_error_when_there_are_two_rows(connection: Connection) -> None:
    created = await embedding_sets.create(
        connection, id=ids.new(), provider="none", model="none", dimensions=1, now=NOW
    )

    @one_or_none
    @partial(in_module, "chunks")
    async def list_unembedded(
        connection: Connection, *, set_id: UUID, after: UUID, limit: int
    ) -> chunks.Unembedded | None:
        raise NotImplementedError

    with pytest.raises(LookupError, match="chunks/list_unembedded returned 2 rows"):
        await list_unembedded(connection, set_id=created.id, after=UUID(int=0), limit=2)


async def test_execute_returns_the_number_of_changed_rows(connection: Connection) -> None:
    user_id, conversation_id = await make_user(connection), ids.new()
    await conversations.create(connection, user_id=user_id, id=conversation_id, title="A", asked_at=NOW, now=NOW)
    assert await conversations.touch(connection, user_id=user_id, id=conversation_id) == 1
    assert await conversations.touch(connection, user_id=ids.new(), id=conversation_id) == 0


async def test_the_error_of_a_violated_constraint_is_raised_unchanged(connection: Connection) -> None:
    user_id, conversation_id = await make_user(connection), ids.new()
    await conversations.create(connection, user_id=user_id, id=conversation_id, title="A", asked_at=NOW, now=NOW)
    with pytest.raises(UniqueViolation):
        await conversations.create(connection, user_id=user_id, id=conversation_id, title="B", asked_at=NOW, now=NOW)
